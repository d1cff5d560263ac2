// Pairs of children who may be one: the version in force is retracted and kept, the new one created.
// param rows: list[map] -- one, other, key, score, judgement, author
// param now: datetime -- when this was recorded
UNWIND $rows AS row
MATCH (one:Child {id: row.one})
MATCH (other:Child {id: row.other})
CALL (row) {
  MATCH ()-[old:MAY_BE {key: row.key}]->()
  USING INDEX SEEK old:MAY_BE(key)
  SET old.retracted_at = $now
  REMOVE old.key
}
CREATE (one)-[:MAY_BE {key: row.key, pair: row.key, score: row.score, judgement: row.judgement,
                       author: row.author, judged_at: CASE WHEN row.author IS NULL THEN null ELSE $now END,
                       recorded_at: $now}]->(other)
