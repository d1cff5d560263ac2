// An anchor reads what was written since the last one.
CREATE INDEX access_at IF NOT EXISTS FOR (record:Access) ON (record.at)
