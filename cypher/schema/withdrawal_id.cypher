// A proof of withdrawal is one source's, of one child.
CREATE CONSTRAINT withdrawal_id IF NOT EXISTS FOR (node:Withdrawal) REQUIRE node.id IS UNIQUE
