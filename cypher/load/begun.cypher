// A load has begun; one that never finishes was stopped, and stays to say so.
// param source: str -- the source's id
// param feed: str -- source and kind of file
// param now: datetime -- when it began
// param extracted: date -- date of the extract
// param full: bool -- whether the extract is a snapshot
// param load: map -- id, user
MATCH (source:Source {id: $source})
MERGE (feed:Feed {id: $feed})
MERGE (feed)-[:OF]->(source)
SET feed.begun_full = CASE WHEN NOT $full OR feed.begun_full > $extracted THEN feed.begun_full
                           ELSE $extracted END
CREATE (load:Load)-[:THROUGH]->(feed)
SET load = $load, load.extracted = $extracted, load.full = $full, load.began_at = $now, load.seen_at = $now
