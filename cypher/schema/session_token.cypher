// A session is found by the keyed token of what its cookie holds.
CREATE CONSTRAINT session_token IF NOT EXISTS FOR (node:Session) REQUIRE node.token IS UNIQUE
