// Copies of nodes, and which is whose.
// param rows: list[map] -- node, labels, properties
// returns node, copy
UNWIND $rows AS row
CREATE (copy:$(row.labels))
SET copy = row.properties
RETURN row.node AS node, elementId(copy) AS copy
