// A service's id is one service's.
CREATE CONSTRAINT service_id IF NOT EXISTS FOR (node:Service) REQUIRE node.id IS UNIQUE
