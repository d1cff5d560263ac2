// What a feed has in force is read before each of its loads; a retracted version has no key.
CREATE INDEX lives_in_feed IF NOT EXISTS FOR ()-[edge:LIVES_IN]-() ON (edge.feed, edge.key)
