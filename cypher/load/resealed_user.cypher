// A user's secrets sealed anew; nothing else of them changes.
// param user: str -- the user's id
// param secrets: map -- password, otp
MATCH (user:User {id: $user})
SET user += $secrets
