// What a feed has in force is read before each of its loads; a retracted version has no key.
CREATE INDEX involved_with_feed IF NOT EXISTS FOR ()-[edge:INVOLVED_WITH]-() ON (edge.feed, edge.key)
