// Where services work: the version in force is retracted and kept, the new one created.
// param source: str -- the source's id
// param feed: str -- source and kind of file
// param extracted: date -- date of the extract
// param now: datetime -- when this was recorded
// param rows: list[map] -- service, authority, key, edge
UNWIND $rows AS row
MATCH (start:Service {id: row.service})
MATCH (end:Authority {number: row.authority})
MATCH ()-[old:IN_AREA {key: row.key}]->()
USING INDEX SEEK old:IN_AREA(key)
SET old.retracted_at = $now
REMOVE old.key
WITH start, end, row
CREATE (start)-[edge:IN_AREA]->(end)
SET edge = row.edge, edge.key = row.key, edge.record = row.key, edge.source = $source,
    edge.feed = $feed, edge.asserted_on = $extracted, edge.recorded_at = $now,
    edge.listed_in = CASE WHEN NOT start.sensitive THEN end.number END
