// A source's record has one version in force: only that one keeps its key.
CREATE CONSTRAINT involved_with_key IF NOT EXISTS FOR ()-[edge:INVOLVED_WITH]-() REQUIRE edge.key IS UNIQUE
