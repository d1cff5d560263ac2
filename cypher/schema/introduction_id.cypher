// An introduction's id is one introduction's.
CREATE CONSTRAINT introduction_id IF NOT EXISTS FOR (node:Introduction) REQUIRE node.id IS UNIQUE
