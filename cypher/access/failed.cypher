// A sign-in that failed; after too many in a row the user is locked for a while.
// param user: str -- the user's id
// param most: int -- failures in a row before the lock
// param until: datetime -- the end of a lock that begins now
// returns locked
MATCH (user:User {id: $user})
SET user.failures = user.failures + 1
WITH user, user.failures >= $most AS locked
SET user.locked_until = CASE WHEN locked THEN $until ELSE user.locked_until END,
    user.failures = CASE WHEN locked THEN 0 ELSE user.failures END
RETURN locked
