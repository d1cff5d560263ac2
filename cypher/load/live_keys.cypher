// These keys are live for tokens from now on.
// param live: list[str] -- their ids, the older first: two while the tokens are made anew, else one
// param today: date -- the day
MATCH (keys:Keys {id: 'tokens'})
SET keys.live = $live, keys.since = $today
