// A child's id is one child's.
CREATE CONSTRAINT child_id IF NOT EXISTS FOR (node:Child) REQUIRE node.id IS UNIQUE
