// A source's record has one version in force: only that one keeps its key.
CREATE CONSTRAINT part_of_key IF NOT EXISTS FOR ()-[edge:PART_OF]-() REQUIRE edge.key IS UNIQUE
