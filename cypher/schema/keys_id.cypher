// The mark of the keyring is one node.
CREATE CONSTRAINT keys_id IF NOT EXISTS FOR (node:Keys) REQUIRE node.id IS UNIQUE
