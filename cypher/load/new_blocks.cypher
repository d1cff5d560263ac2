// The tokens of children who were made in the same transaction, and who else stands under them.
// param rows: list[map] -- child, tokens
// param most: int -- a block with more children than this is not opened
// returns found
UNWIND $rows AS row
MATCH (child:Child {id: row.child})
UNWIND row.tokens AS token
MERGE (block:Block {token: token})
CREATE (block)-[:HOLDS]->(child)
WITH DISTINCT block
WHERE 1 < COUNT { (block)-[:HOLDS]->() } <= $most
RETURN collect({token: block.token, children: [(block)-[:HOLDS]->(held) | held.id]}) AS found
