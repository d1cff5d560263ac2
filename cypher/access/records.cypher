// The access records from one id on to before another, whole, in the order of their ids; their instants as text.
// param first: str -- the first id
// param last: str -- the id before which to stop
// returns records
MATCH (one:Access)
WHERE $first <= one.id < $last
WITH one, CASE WHEN valueType(one.at) = 'ZONED DATETIME NOT NULL' THEN toString(one.at) END AS text
ORDER BY one.id
RETURN collect({
  record: CASE WHEN text IS NULL THEN properties(one) ELSE one {.*, at: text} END,
  zoned: text IS NOT NULL
}) AS records
