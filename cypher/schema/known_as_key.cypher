// A source's record has one version in force: only that one keeps its key.
CREATE CONSTRAINT known_as_key IF NOT EXISTS FOR ()-[edge:KNOWN_AS]-() REQUIRE edge.key IS UNIQUE
