// Who has this session proved themselves again just now.
// param token: str -- keyed token of what the cookie holds
// param now: datetime -- the time
MATCH (session:Session {token: $token})
SET session.proved_at = $now
