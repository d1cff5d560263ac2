// Practitioners, as their source describes them now.
// param rows: list[map] -- id, node
UNWIND $rows AS row
MERGE (practitioner:Practitioner {id: row.id})
SET practitioner = row.node
