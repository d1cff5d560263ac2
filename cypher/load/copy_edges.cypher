// Copies of edges between copies of nodes.
// param rows: list[map] -- start, end, type, properties
UNWIND $rows AS row
MATCH (start) WHERE elementId(start) = row.start
MATCH (end) WHERE elementId(end) = row.end
CREATE (start)-[copy:$(row.type)]->(end)
SET copy = row.properties
