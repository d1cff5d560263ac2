// A load goes on; under which keys do tokens stand?
// Who changes the keys takes hold of the same load first: either it sees this one, or this one sees it.
// param load: str -- the load's id
// param now: datetime -- the time
// returns live
MATCH (load:Load {id: $load})
SET load.seen_at = $now
WITH load
MATCH (keys:Keys {id: 'tokens'})
RETURN keys.live AS live
