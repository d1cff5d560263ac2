// Services, as their source describes them now; what was sensitive stays so.
// param rows: list[map] -- id, node
UNWIND $rows AS row
MERGE (service:Service {id: row.id})
WITH service, row, coalesce(service.sensitive, false) AS was
SET service = row.node, service.sensitive = was OR row.node.sensitive
