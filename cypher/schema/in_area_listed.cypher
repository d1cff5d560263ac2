// The directory of an authority is read by it, and leads to no sensitive service.
CREATE INDEX in_area_listed IF NOT EXISTS FOR ()-[edge:IN_AREA]-() ON (edge.listed_in)
