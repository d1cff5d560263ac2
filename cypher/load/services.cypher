// Services, as their source describes them now.
// param rows: list[map] -- id, node
UNWIND $rows AS row
MERGE (service:Service {id: row.id})
SET service = row.node
