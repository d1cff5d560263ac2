// A load's id is one load's.
CREATE CONSTRAINT load_id IF NOT EXISTS FOR (node:Load) REQUIRE node.id IS UNIQUE
