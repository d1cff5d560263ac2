// Who asked the broker reads what came of it.
CREATE INDEX introduction_asked_by IF NOT EXISTS FOR (node:Introduction) ON (node.asked_by)
