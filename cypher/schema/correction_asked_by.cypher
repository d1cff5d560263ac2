// Who reported something wrong reads what came of it, and does not report it twice.
CREATE INDEX correction_asked_by IF NOT EXISTS FOR (node:Correction) ON (node.asked_by)
