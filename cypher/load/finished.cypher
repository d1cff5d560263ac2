// What a load did, and how fresh its feed is now.
// param feed: str -- source and kind of file
// param extracted: date -- date of the extract
// param now: datetime -- when the load finished
// param confirms: bool -- whether it confirms what is open: a snapshot that says all involvements
// param id: str -- the load's id
// param counts: map -- rows by what became of them
// param unread: list[str] -- what of the extract no loader reads; null where that is too much
MATCH (load:Load {id: $id})-[:THROUGH]->(feed:Feed {id: $feed})
USING INDEX SEEK load:Load(id)
SET load += $counts, load.finished_at = $now, load.confirms = $confirms,
    load.unread = $unread,
    feed.last_load = $now,
    feed.last_extract = CASE WHEN feed.last_extract > $extracted THEN feed.last_extract
                             ELSE $extracted END,
    feed.last_full = CASE WHEN NOT $confirms OR feed.last_full > $extracted THEN feed.last_full
                          ELSE $extracted END
