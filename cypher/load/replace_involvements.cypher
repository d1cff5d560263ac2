// Services' involvements with children: the version in force is retracted and kept, the new one created.
// param source: str -- the source's id
// param feed: str -- source and kind of file
// param extracted: date -- date of the extract
// param now: datetime -- when this was recorded
// param rows: list[map] -- service, child, key, edge
UNWIND $rows AS row
MATCH (start:Service {id: row.service})
MATCH (end:Child {id: row.child})
MATCH ()-[old:INVOLVED_WITH {key: row.key}]->()
USING INDEX SEEK old:INVOLVED_WITH(key)
SET old.retracted_at = $now
REMOVE old.key
WITH start, end, row
CREATE (start)-[edge:INVOLVED_WITH]->(end)
SET edge = row.edge, edge.key = row.key, edge.record = row.key, edge.source = $source,
    edge.feed = $feed, edge.asserted_on = $extracted, edge.recorded_at = $now
