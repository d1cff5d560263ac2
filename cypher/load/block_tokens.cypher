// A page of blocks between two tokens, in their order.
// param after: str -- after this one
// param before: str -- before this one
// param size: int -- blocks in a page
// returns token
MATCH (block:Block)
WHERE $after < block.token < $before
RETURN block.token AS token
ORDER BY token LIMIT $size
