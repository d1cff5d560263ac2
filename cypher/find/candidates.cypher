// Which children may be the one who is looked for, and who do the sources say that they are?
// param nhs: str -- token of the NHS number; null
// param tokens: list[str] -- tokens of blocks
// param most: int -- a block with more children than this is not opened
// param clearance: list[str] -- filled by the door; empty while nothing is known of the child
// returns child, shielded, sealed, full
CALL () {
  MATCH (:Source)-[known:KNOWN_AS {nhs_token: $nhs}]->(child:Child)
  USING INDEX SEEK known:KNOWN_AS(nhs_token)
  WHERE known.retracted_at IS NULL
  RETURN child, false AS full
  UNION
  UNWIND $tokens AS token
  MATCH (block:Block {token: token})
  WHERE COUNT { (block)-[:HOLDS]->() } <= $most
  MATCH (block)-[:HOLDS]->(child:Child)
  RETURN child, false AS full
  UNION
  UNWIND $tokens AS token
  MATCH (block:Block {token: token})
  WHERE COUNT { (block)-[:HOLDS]->() } > $most
  RETURN null AS child, true AS full
}
WITH child, full WHERE $clearance IS NOT NULL
RETURN child.id AS child, child.shielded AS shielded,
  [(:Source)-[known:KNOWN_AS]->(child) WHERE known.retracted_at IS NULL | known.sealed] AS sealed, full
