// A session begins; those of the same user that are over are swept out.
// param user: str -- the user's id
// param token: str -- keyed token of what the cookie holds
// param stamp: str -- keyed stamp of the cookie and the user
// param now: datetime -- the time
// param proved: datetime -- when they gave a second factor; null
// param idle: datetime -- not seen since this instant is over
MATCH (user:User {id: $user})
CREATE (:Session {token: $token, stamp: $stamp, began_at: $now, seen_at: $now, proved_at: $proved})-[:SESSION_OF]->(user)
WITH user
MATCH (old:Session)-[:SESSION_OF]->(user)
WHERE old.seen_at < $idle
DETACH DELETE old
