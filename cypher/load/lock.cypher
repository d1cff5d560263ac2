// Who writes tokens waits for each other, so that two loads cannot make one child twice.
// param now: datetime -- when the lock was taken
// returns live
MERGE (lock:Lock {id: 'load'})
SET lock.at = $now
WITH lock
MATCH (keys:Keys {id: 'tokens'})
RETURN keys.live AS live
