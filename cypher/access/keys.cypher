// The mark of the keyring that made this graph's tokens, and of the schema; the first keyring leaves it.
// And which keys are live for tokens: one, or two while it is changed; since which day they are.
// param check: str -- a stamp of this keyring
// param newest: str -- id of its newest key, under which the tokens of a new graph are made
// param oldest: str -- id of its oldest key, under which they were made before this was said
// param today: date -- the day
// returns check, schema, keys
MERGE (keys:Keys {id: 'tokens'})
ON CREATE SET keys.check = $check, keys.live = [$newest], keys.since = $today
// Held before it is read, or what is said meanwhile would be written over.
SET keys.id = 'tokens'
WITH keys
FOREACH (one IN CASE WHEN keys.live IS NULL THEN [1] ELSE [] END |
  SET keys.live = [$oldest], keys.since = $today)
RETURN keys.check AS check, keys.schema AS schema, keys {.live, .since} AS keys
