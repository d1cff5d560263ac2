// A load has begun; one that never finishes was stopped, and stays to say so.
// param source: str -- the source's id
// param feed: str -- source and kind of file
// param now: datetime -- when it began
// param load: map -- id, user, extracted, full
MATCH (source:Source {id: $source})
MERGE (feed:Feed {id: $feed})
MERGE (feed)-[:OF]->(source)
CREATE (load:Load)-[:THROUGH]->(feed)
SET load = $load, load.began_at = $now
