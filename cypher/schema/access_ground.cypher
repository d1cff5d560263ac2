// Leads read where break-glass was used, newest first.
CREATE INDEX access_ground IF NOT EXISTS FOR (record:Access) ON (record.ground, record.at)
