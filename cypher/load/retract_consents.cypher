// Consents whose rejected row would have withdrawn them are withdrawn all the same.
// param keys: list[str] -- keys of the consents in force
// param now: datetime -- when this was recorded
UNWIND $keys AS key
MATCH (child:Child)-[old:CONSENTS_TO {key: key}]->(service:Service)
USING INDEX SEEK old:CONSENTS_TO(key)
SET old.retracted_at = $now
REMOVE old.key
