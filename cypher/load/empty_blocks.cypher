// Tokens under which no child stands any more are deleted.
// param tokens: list[str] -- tokens of blocks
// returns deleted
UNWIND $tokens AS token
MATCH (block:Block {token: token})
WHERE NOT EXISTS { (block)-[:HOLDS]->() }
DELETE block
RETURN count(*) AS deleted
