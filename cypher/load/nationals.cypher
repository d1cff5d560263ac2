// Sources that were registered before it was noted of each whether it sends for the whole country.
MATCH (source:Source)
WHERE source.national IS NULL
SET source.national = NOT EXISTS { (source)-[:SENDS_FOR]->(:Authority) }
