// What a feed has in force is read before each of its loads.
CREATE INDEX works_at_feed IF NOT EXISTS FOR ()-[edge:WORKS_AT]-() ON (edge.feed)
