// A page of blocks, in the order of their tokens.
// param after: str -- the last token of the page before; empty for the first
// param size: int -- blocks in a page
// returns token
MATCH (block:Block)
WHERE block.token > $after
RETURN block.token AS token
ORDER BY token LIMIT $size
