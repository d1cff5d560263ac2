// Which children this source has named before, and by which record.
// later: in a later extract; stale: last said a month before.
// param source: str -- the source's id
// param extracted: date -- date of the extract that is being loaded
// returns key, record, content, child, feed, later, stale
MATCH (:Source {id: $source})-[known:KNOWN_AS]->(child:Child)
WHERE known.retracted_at IS NULL
RETURN known.key AS key, known.record AS record, known.content AS content, child.id AS child,
       known.feed AS feed, known.asserted_on > $extracted AS later,
       coalesce(known.said_on, known.asserted_on) < $extracted - duration('P30D') AS stale
