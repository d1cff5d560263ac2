// What a feed has in force is read before each of its loads.
CREATE INDEX lives_in_feed IF NOT EXISTS FOR ()-[edge:LIVES_IN]-() ON (edge.feed)
