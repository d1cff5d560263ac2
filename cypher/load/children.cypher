// Children, and who this source says they are; shielding is set here and never lifted.
// `marked` is what a source says of this child, `shielded` also what reaches it from one who may be the same.
// param source: str -- the source's id
// param feed: str -- source and kind of file
// param extracted: date -- date of the extract
// param now: datetime -- when this was recorded
// param rows: list[map] -- child, birth_year, shielded, key, edge
MATCH (source:Source {id: $source})
UNWIND $rows AS row
MERGE (child:Child {id: row.child})
ON CREATE SET child.recorded_at = $now, child.shielded = false, child.marked = false
SET child.shielded = child.shielded OR row.shielded, child.marked = child.marked OR row.shielded,
    child.birth_year = coalesce(row.birth_year, child.birth_year)
WITH source, child, row
CALL (row) {
  MATCH ()-[old:KNOWN_AS {key: row.key}]->()
  USING INDEX SEEK old:KNOWN_AS(key)
  SET old.retracted_at = $now
  REMOVE old.key
}
CREATE (source)-[known:KNOWN_AS]->(child)
SET known = row.edge, known.key = row.key, known.feed = $feed, known.asserted_on = $extracted,
    known.recorded_at = $now
