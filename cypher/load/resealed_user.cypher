// A user's secrets sealed anew; nothing else of them changes.
// param user: str -- the user's id
// param secrets: map -- password, otp: sealed; recovery: tokens of the codes
MATCH (user:User {id: $user})
SET user += $secrets
