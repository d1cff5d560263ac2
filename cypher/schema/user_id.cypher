// A user's id is one user's.
CREATE CONSTRAINT user_id IF NOT EXISTS FOR (node:User) REQUIRE node.id IS UNIQUE
