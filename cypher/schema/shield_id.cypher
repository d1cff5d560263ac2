// A shield's id is one shield's.
CREATE CONSTRAINT shield_id IF NOT EXISTS FOR (node:Shield) REQUIRE node.id IS UNIQUE
