// A use of break-glass is explained once.
CREATE CONSTRAINT access_explains IF NOT EXISTS FOR (node:Access) REQUIRE node.explains IS UNIQUE
