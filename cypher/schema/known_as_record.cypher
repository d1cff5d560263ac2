// A child is found again by a source's own record, whichever of its feeds names it.
CREATE INDEX known_as_record IF NOT EXISTS FOR ()-[known:KNOWN_AS]-() ON (known.record)
