// Where practitioners work: the version in force is retracted and kept, the new one created.
// param source: str -- the source's id
// param feed: str -- source and kind of file
// param extracted: date -- date of the extract
// param now: datetime -- when this was recorded
// param rows: list[map] -- practitioner, service, key, edge
UNWIND $rows AS row
MATCH (start:Practitioner {id: row.practitioner})
MATCH (end:Service {id: row.service})
MATCH ()-[old:WORKS_AT {key: row.key}]->()
USING INDEX SEEK old:WORKS_AT(key)
SET old.retracted_at = $now
REMOVE old.key
WITH start, end, row
CREATE (start)-[edge:WORKS_AT]->(end)
SET edge = row.edge, edge.key = row.key, edge.record = row.key, edge.source = $source,
    edge.feed = $feed, edge.asserted_on = $extracted, edge.recorded_at = $now
