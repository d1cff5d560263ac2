// The last record of each strand that was written to since an instant.
// param since: datetime -- that instant
// returns last, hash
MATCH (record:Access)
WHERE record.at >= $since AND record.id > ''
WITH split(record.id, '-')[0] AS strand, max(record.id) AS last
MATCH (record:Access {id: last})
RETURN last, record.hash AS hash
