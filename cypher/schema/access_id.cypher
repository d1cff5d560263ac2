// An access record's id is one record's.
CREATE CONSTRAINT access_id IF NOT EXISTS FOR (node:Access) REQUIRE node.id IS UNIQUE
