// What a feed has in force is read before each of its loads; a retracted version has no key.
CREATE INDEX points_to_feed IF NOT EXISTS FOR ()-[edge:POINTS_TO]-() ON (edge.feed, edge.key)
