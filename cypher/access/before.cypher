// The access record that stands right before an id.
// param first: str -- that id
// returns id, hash
MATCH (record:Access)
WHERE record.id < $first
RETURN record.id AS id, record.hash AS hash
ORDER BY record.id DESC
LIMIT 1
