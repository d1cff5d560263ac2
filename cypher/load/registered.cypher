// The authority for which a source sends, and the date of the last snapshot that one of its feeds began.
// param source: str -- the source's id
// param feed: str -- source and kind of file
// returns authority, last_full
MATCH (:Source {id: $source})-[:SENDS_FOR]->(home:Authority)
OPTIONAL MATCH (feed:Feed {id: $feed})
RETURN home.number AS authority, feed.begun_full AS last_full
