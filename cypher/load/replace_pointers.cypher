// What sources know of another authority and a child: the version in force is retracted and kept, the new one created.
// param source: str -- the source's id
// param feed: str -- source and kind of file
// param extracted: date -- date of the extract
// param now: datetime -- when this was recorded
// param rows: list[map] -- child, authority, key, edge
UNWIND $rows AS row
MATCH (start:Child {id: row.child})
MATCH (end:Authority {number: row.authority})
MATCH ()-[old:POINTS_TO {key: row.key}]->()
USING INDEX SEEK old:POINTS_TO(key)
SET old.retracted_at = $now
REMOVE old.key
WITH start, end, row
CREATE (start)-[edge:POINTS_TO]->(end)
SET edge = row.edge, edge.key = row.key, edge.record = row.key, edge.source = $source,
    edge.feed = $feed, edge.asserted_on = $extracted, edge.recorded_at = $now
