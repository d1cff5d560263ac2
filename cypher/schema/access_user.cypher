// A user's own looks of today are found among all that was ever recorded.
CREATE INDEX access_user IF NOT EXISTS FOR (record:Access) ON (record.user, record.question, record.at)
