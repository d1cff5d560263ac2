// Which keys are live for tokens, and since which day?
// returns keys
MATCH (keys:Keys {id: 'tokens'})
RETURN keys {.live, .since} AS keys
