// Whom an organisation signs in is one user.
CREATE CONSTRAINT user_subject IF NOT EXISTS FOR (node:User) REQUIRE node.subject IS UNIQUE
