// A source's record has one version in force: only that one keeps its key.
CREATE CONSTRAINT lives_in_key IF NOT EXISTS FOR ()-[edge:LIVES_IN]-() REQUIRE edge.key IS UNIQUE
