// Whose session is this, if it is not over and their access has not ended?
// param token: str -- keyed token of what the cookie holds
// param now: datetime -- the time
// param idle: datetime -- not seen since this instant is over
// param began: datetime -- begun before this instant is over
// param noted: datetime -- last seen before this instant is noted anew
// param confirmed: date -- access confirmed before this day has ended
// returns user, proved_at, stamp
MATCH (session:Session {token: $token})-[:SESSION_OF]->(user:User)
WHERE session.seen_at > $idle AND session.began_at > $began
  AND user.ended_at IS NULL AND user.confirmed_on >= $confirmed
CALL (session) {
  WITH session WHERE session.seen_at < $noted
  SET session.seen_at = $now
}
RETURN user {.id, .name, .role, .service, .authority, .origin, .confirmed_on, .stamp} AS user,
  session.proved_at AS proved_at, session.stamp AS stamp
