// What a feed has in force is read before each of its loads; a retracted version has no key.
CREATE INDEX succeeded_by_feed IF NOT EXISTS FOR ()-[edge:SUCCEEDED_BY]-() ON (edge.feed, edge.key)
