// Every strand of access records, and how many it has; what is in no strand counts under its own id.
// returns strand, records
MATCH (record:Access)
WHERE record.id > ''
RETURN split(record.id, '-')[0] AS strand, count(*) AS records
ORDER BY strand
