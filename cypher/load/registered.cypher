// The authority for which a source sends (null for a national register), on what basis, the date of its feed's last
// snapshot that was begun, and under which keys tokens stand.
// param source: str -- the source's id
// param feed: str -- source and kind of file
// returns authority, basis, keep_years, last_full, live
MATCH (source:Source {id: $source})
OPTIONAL MATCH (source)-[:SENDS_FOR]->(home:Authority)
OPTIONAL MATCH (feed:Feed {id: $feed})
RETURN home.number AS authority, source.basis AS basis, source.keep_years AS keep_years, feed.begun_full AS last_full,
  COLLECT { MATCH (keys:Keys {id: 'tokens'}) RETURN keys.live }[0] AS live
