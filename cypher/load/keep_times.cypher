// How long each source's word is kept, and when each of its feeds last sent.
// returns source, years, feeds
MATCH (source:Source)
RETURN source.id AS source, source.keep_years AS years,
  [(feed:Feed)-[:OF]->(source) | {feed: feed.id, last_extract: feed.last_extract}] AS feeds
