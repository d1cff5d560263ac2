// What a feed has in force is read before each of its loads; a retracted version has no key.
CREATE INDEX works_at_feed IF NOT EXISTS FOR ()-[edge:WORKS_AT]-() ON (edge.feed, edge.key)
