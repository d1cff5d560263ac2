// A source's record has one version in force: only that one keeps its key.
CREATE CONSTRAINT works_with_key IF NOT EXISTS FOR ()-[edge:WORKS_WITH]-() REQUIRE edge.key IS UNIQUE
