// What a feed has in force is read before each of its loads; a retracted version has no key.
CREATE INDEX works_with_feed IF NOT EXISTS FOR ()-[edge:WORKS_WITH]-() ON (edge.feed, edge.key)
