// A correction's id is one correction's.
CREATE CONSTRAINT correction_id IF NOT EXISTS FOR (node:Correction) REQUIRE node.id IS UNIQUE
