// The mark of the keyring that made this graph's tokens; the first keyring that comes leaves it.
// param check: str -- a token of this keyring
// returns check
MERGE (keys:Keys {id: 'tokens'})
ON CREATE SET keys.check = $check
RETURN keys.check AS check
