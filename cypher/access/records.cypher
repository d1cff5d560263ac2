// The access records from one id on to before another, whole, in the order of their ids.
// param first: str -- the first id
// param last: str -- the id before which to stop
// returns record
MATCH (record:Access)
WHERE $first <= record.id < $last
RETURN properties(record) AS record
ORDER BY record.id
