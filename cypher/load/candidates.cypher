// Which children stand under these tokens, or carry these numbers?
// param own: list[str] -- tokens under which those who are matched stand; alone there they have nobody
// param sought: list[str] -- tokens of blocks under which they look beside
// param nhs: list[str] -- tokens of NHS numbers
// param upn: list[str] -- tokens of UPN with birth date
// param most: int -- a block with more children than this is not opened
// returns found
// No label where an edge leads to children alone: planned while there were few, it was a scan for each token.
CALL () {
  UNWIND $own AS token
  MATCH (block:Block {token: token})
  USING INDEX SEEK block:Block(token)
  WHERE 1 < COUNT { (block)-[:HOLDS]->() } <= $most
  RETURN token, [(block)-[:HOLDS]->(child) | child.id] AS children
  UNION
  UNWIND $sought AS token
  MATCH (block:Block {token: token})
  USING INDEX SEEK block:Block(token)
  WHERE COUNT { (block)-[:HOLDS]->() } <= $most
  RETURN token, [(block)-[:HOLDS]->(child) | child.id] AS children
  UNION
  UNWIND $nhs AS token
  MATCH ()-[known:KNOWN_AS {nhs_token: token}]->(child:Child)
  USING INDEX SEEK known:KNOWN_AS(nhs_token)
  WHERE known.retracted_at IS NULL
  RETURN token, collect(DISTINCT child.id) AS children
  UNION
  UNWIND $upn AS token
  MATCH ()-[known:KNOWN_AS {upn_token: token}]->(child:Child)
  USING INDEX SEEK known:KNOWN_AS(upn_token)
  WHERE known.retracted_at IS NULL
  RETURN token, collect(DISTINCT child.id) AS children
}
RETURN collect({token: token, children: children}) AS found
