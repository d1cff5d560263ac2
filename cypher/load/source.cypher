// A source is registered, or what is registered of it is put right.
// param id: str -- the source's id
// param name: str -- what people call it
// param authority: str -- DfE number of the authority for which it sends
// param agency: str -- one of the seven
// param every_days: int -- how often an extract should come
// param now: datetime -- when this was registered
// returns source
MATCH (authority:Authority {number: $authority})
MERGE (source:Source {id: $id})
ON CREATE SET source.recorded_at = $now
SET source.name = $name, source.agency = $agency, source.every_days = $every_days
WITH source, authority
OPTIONAL MATCH (source)-[was:SENDS_FOR]->(:Authority)
DELETE was
WITH DISTINCT source, authority
CREATE (source)-[:SENDS_FOR]->(authority)
RETURN source.id AS source
