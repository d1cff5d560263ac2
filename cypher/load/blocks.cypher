// The tokens under which a child is looked for; those that it has no longer are taken away.
// param rows: list[map] -- child, tokens
UNWIND $rows AS row
MATCH (child:Child {id: row.child})
CALL (child, row) {
  MATCH (old)-[holds:HOLDS]->(child)
  WHERE NOT old.token IN row.tokens
  DELETE holds
}
CALL (child, row) {
  UNWIND row.tokens AS token
  MERGE (block:Block {token: token})
  MERGE (block)-[:HOLDS]->(child)
}
