// A feed is one kind of file from one source.
CREATE CONSTRAINT feed_id IF NOT EXISTS FOR (node:Feed) REQUIRE node.id IS UNIQUE
