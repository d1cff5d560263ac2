// Pairs that are none any more, because what a source says has changed.
// param keys: list[str] -- keys of the versions in force
// param now: datetime -- when this was recorded
UNWIND $keys AS key
MATCH ()-[old:MAY_BE {key: key}]->()
USING INDEX SEEK old:MAY_BE(key)
SET old.retracted_at = $now
REMOVE old.key
