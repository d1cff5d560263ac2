// What a feed has in force is read before each of its loads; a retracted version has no key.
CREATE INDEX part_of_feed IF NOT EXISTS FOR ()-[edge:PART_OF]-() ON (edge.feed, edge.key)
