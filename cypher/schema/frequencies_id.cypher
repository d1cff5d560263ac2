// How common names are is one node.
CREATE CONSTRAINT frequencies_id IF NOT EXISTS FOR (node:Frequencies) REQUIRE node.id IS UNIQUE
