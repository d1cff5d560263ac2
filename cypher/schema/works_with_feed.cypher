// What a feed has in force is read before each of its loads.
CREATE INDEX works_with_feed IF NOT EXISTS FOR ()-[edge:WORKS_WITH]-() ON (edge.feed)
