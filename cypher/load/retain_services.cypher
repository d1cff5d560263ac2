// Services of which nothing is left but their name.
// param services: list[str] -- services' ids
// returns deleted
UNWIND $services AS id
MATCH (service:Service {id: id})
WHERE NOT EXISTS { (service)--() }
DELETE service
RETURN count(*) AS deleted
