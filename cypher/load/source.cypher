// A source is registered, or what is registered of it is put right.
// param id: str -- the source's id
// param name: str -- what people call it
// param authority: str -- DfE number of the authority for which it sends; null for the whole country
// param agency: str -- one of the seven
// param every_days: int -- how often an extract should come
// param basis: str -- on what it shares
// param keep_years: int -- how long what has ended stays
// param now: datetime -- when this was registered
// returns source
OPTIONAL MATCH (authority:Authority {number: $authority})
WITH authority WHERE authority IS NOT NULL OR $authority IS NULL
MERGE (source:Source {id: $id})
ON CREATE SET source.recorded_at = $now
SET source.name = $name, source.agency = $agency, source.every_days = $every_days,
    source.basis = $basis, source.keep_years = $keep_years, source.national = $authority IS NULL
WITH source, authority
OPTIONAL MATCH (source)-[was:SENDS_FOR]->(:Authority)
DELETE was
WITH DISTINCT source, authority
FOREACH (one IN CASE WHEN authority IS NULL THEN [] ELSE [authority] END |
  CREATE (source)-[:SENDS_FOR]->(one))
RETURN source.id AS source
