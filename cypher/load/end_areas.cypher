// Edges that a full extract no longer holds have ended by its date; what had not begun never was.
// param keys: list[str] -- keys of the versions in force
// param extracted: date -- date of the extract that misses them
// param now: datetime -- when this was recorded
UNWIND $keys AS key
MATCH (start)-[old:IN_AREA {key: key}]->(end)
USING INDEX SEEK old:IN_AREA(key)
WITH start, end, old, properties(old) AS was
SET old.retracted_at = $now
REMOVE old.key
WITH start, end, was
WHERE was.from IS NULL OR was.from <= $extracted
CREATE (start)-[edge:IN_AREA]->(end)
SET edge = was, edge.to = $extracted, edge.to_exact = false, edge.content = '',
    edge.asserted_on = $extracted, edge.recorded_at = $now
