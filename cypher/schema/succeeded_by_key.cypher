// A source's record has one version in force: only that one keeps its key.
CREATE CONSTRAINT succeeded_by_key IF NOT EXISTS FOR ()-[edge:SUCCEEDED_BY]-() REQUIRE edge.key IS UNIQUE
