// All edges there are, to be copied.
// returns start, end, type, properties
MATCH (start)-[edge]->(end)
RETURN elementId(start) AS start, elementId(end) AS end, type(edge) AS type,
       properties(edge) AS properties
