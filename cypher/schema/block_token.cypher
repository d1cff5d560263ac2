// A block is one keyed token, under which children are looked for.
CREATE CONSTRAINT block_token IF NOT EXISTS FOR (node:Block) REQUIRE node.token IS UNIQUE
