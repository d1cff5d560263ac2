// A source's record has one version in force: only that one keeps its key.
CREATE CONSTRAINT points_to_key IF NOT EXISTS FOR ()-[edge:POINTS_TO]-() REQUIRE edge.key IS UNIQUE
