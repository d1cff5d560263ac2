// How many access records are there?
// returns records
MATCH (record:Access)
RETURN count(record) AS records
