// What a feed has in force is read before each of its loads.
CREATE INDEX known_as_feed IF NOT EXISTS FOR ()-[edge:KNOWN_AS]-() ON (edge.feed)
