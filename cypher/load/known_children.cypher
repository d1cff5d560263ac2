// Which children this source has named before, and by which record.
// param source: str -- the source's id
// returns key, record, content, child, feed
MATCH (:Source {id: $source})-[known:KNOWN_AS]->(child:Child)
WHERE known.retracted_at IS NULL
RETURN known.key AS key, known.record AS record, known.content AS content, child.id AS child,
       known.feed AS feed
