// A source's record has one version in force: only that one keeps its key.
CREATE CONSTRAINT in_area_key IF NOT EXISTS FOR ()-[edge:IN_AREA]-() REQUIRE edge.key IS UNIQUE
