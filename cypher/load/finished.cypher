// What a load did, kept with its source.
// param source: str -- the source's id
// param feed: str -- source and kind of file
// param extracted: date -- date of the extract
// param now: datetime -- when the load finished
// param full: bool -- whether the extract was a snapshot
// param load: map -- id, user, counts
MATCH (source:Source {id: $source})
MERGE (feed:Feed {id: $feed})
MERGE (feed)-[:OF]->(source)
SET feed.last_load = $now,
    feed.last_extract = CASE WHEN feed.last_extract > $extracted THEN feed.last_extract
                             ELSE $extracted END,
    feed.last_full = CASE WHEN NOT $full OR feed.last_full > $extracted THEN feed.last_full
                          ELSE $extracted END
CREATE (load:Load)-[:THROUGH]->(feed)
SET load = $load, load.full = $full, load.extracted = $extracted, load.finished_at = $now
