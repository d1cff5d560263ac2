// What a feed has in force is read before each of its loads; a retracted version has no key.
CREATE INDEX in_area_feed IF NOT EXISTS FOR ()-[edge:IN_AREA]-() ON (edge.feed, edge.key)
