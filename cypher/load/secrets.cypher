// A user's secrets, held until the end of the transaction: none is used or made anew meanwhile.
// param user: str -- the user's id
// returns id, password, otp, recovery
MATCH (user:User {id: $user})
SET user.failures = user.failures
RETURN user.id AS id, user.password AS password, user.otp AS otp, user.recovery AS recovery
