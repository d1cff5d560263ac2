// Tokens of blocks, made anew; who stands under them stays.
// param rows: list[map] -- was, token
UNWIND $rows AS row
MATCH (block:Block {token: row.was})
USING INDEX SEEK block:Block(token)
SET block.token = row.token
