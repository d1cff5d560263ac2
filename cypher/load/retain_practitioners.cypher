// Practitioners who have no post, and whom no child's record names.
// param practitioners: list[str] -- practitioners' ids
// returns deleted
UNWIND $practitioners AS id
MATCH (worker:Practitioner {id: id})
WHERE NOT EXISTS { (worker)--() }
DELETE worker
RETURN count(*) AS deleted
