// A source's record has one version in force: only that one keeps its key.
CREATE CONSTRAINT works_at_key IF NOT EXISTS FOR ()-[edge:WORKS_AT]-() REQUIRE edge.key IS UNIQUE
