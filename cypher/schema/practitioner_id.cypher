// A practitioner's id is one practitioner's.
CREATE CONSTRAINT practitioner_id IF NOT EXISTS FOR (node:Practitioner) REQUIRE node.id IS UNIQUE
