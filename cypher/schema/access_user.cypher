// What one user asked of one kind, newest first: their own look-ups, and when they last saw their caseload.
CREATE INDEX access_user IF NOT EXISTS FOR (record:Access) ON (record.user, record.question, record.at)
