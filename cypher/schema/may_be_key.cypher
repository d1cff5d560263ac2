// A pair has one version in force: only that one keeps its key.
CREATE CONSTRAINT may_be_key IF NOT EXISTS FOR ()-[edge:MAY_BE]-() REQUIRE edge.key IS UNIQUE
