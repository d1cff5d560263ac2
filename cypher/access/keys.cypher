// The mark of the keyring that made this graph's tokens, and of the schema; the first keyring leaves it.
// param check: str -- a token of this keyring
// returns check, schema
MERGE (keys:Keys {id: 'tokens'})
ON CREATE SET keys.check = $check
RETURN keys.check AS check, keys.schema AS schema
