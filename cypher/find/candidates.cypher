// Which children may be the one who is looked for, and who do the sources say that they are?
// param nhs: str -- token of the NHS number; null
// param tokens: list[str] -- tokens of blocks
// param most: int -- a block with more children than this is not opened
// param clearance: list[str] -- filled by the door; empty while nothing is known of the child
// returns child, shielded, members, sealed, full
CALL () {
  MATCH (:Source)-[known:KNOWN_AS {nhs_token: $nhs}]->(child:Child)
  USING INDEX SEEK known:KNOWN_AS(nhs_token)
  WHERE known.retracted_at IS NULL
  RETURN child, false AS full
  UNION
  UNWIND $tokens AS token
  MATCH (block:Block {token: token})
  USING INDEX SEEK block:Block(token)
  WITH block, COUNT { (block)-[:HOLDS]->() } > $most AS full
  OPTIONAL MATCH (block)-[:HOLDS]->(child) WHERE NOT full
  RETURN child, full
}
WITH child, full WHERE $clearance IS NOT NULL
RETURN child.id AS child, child.shielded AS shielded,
  COLLECT {
    MATCH (child) (()-[same:MAY_BE WHERE same.judgement = 'same' AND same.retracted_at IS NULL]-()){1,20}
          (member:Child)
    RETURN DISTINCT member.id
  } AS members,
  [(:Source)-[known:KNOWN_AS]->(child) WHERE known.retracted_at IS NULL | known.sealed] AS sealed, full
