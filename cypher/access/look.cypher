// One access record, by its id.
// param look: str -- the record's id
// returns record
MATCH (record:Access {id: $look})
RETURN properties(record) AS record
