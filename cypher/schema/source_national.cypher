// Sources that send for the whole country are few among those of all authorities.
CREATE INDEX source_national IF NOT EXISTS FOR (node:Source) ON (node.national)
