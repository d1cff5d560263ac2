// The access records from one id on to before another, whole, in the order of their ids; an instant in UTC as text.
// param first: str -- the first id
// param last: str -- the id before which to stop
// returns record, utc
MATCH (one:Access)
WHERE $first <= one.id < $last
WITH one, CASE
  WHEN valueType(one.at) = 'ZONED DATETIME NOT NULL' AND toString(one.at) ENDS WITH 'Z' THEN toString(one.at)
END AS text
RETURN CASE WHEN text IS NULL THEN properties(one) ELSE one {.*, at: text} END AS record, text IS NOT NULL AS utc
ORDER BY one.id
