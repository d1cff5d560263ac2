// What a feed has in force is read before each of its loads.
CREATE INDEX in_area_feed IF NOT EXISTS FOR ()-[edge:IN_AREA]-() ON (edge.feed)
