// A session ends.
// param token: str -- keyed token of what the cookie holds
MATCH (session:Session {token: $token})
DETACH DELETE session
