// Loads wait for each other, so that two of them cannot make one child twice.
// param now: datetime -- when the lock was taken
MERGE (lock:Lock {id: 'load'})
SET lock.at = $now
