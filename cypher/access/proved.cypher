// A code was right: it does once, and failures begin again at none. None where it was used just now.
// param user: str -- the user's id
// param step: int -- the time step of a one-time code; null for a recovery code
// param recovery: list[str] -- tokens of a recovery code, one for each key; null
// returns id
MATCH (user:User {id: $user})
SET user.failures = user.failures
WITH user
WHERE $step IS NOT NULL AND coalesce(user.otp_step, 0) < $step
   OR $recovery IS NOT NULL AND any(token IN $recovery WHERE token IN user.recovery)
SET user.otp_step = coalesce($step, user.otp_step), user.failures = 0,
    user.recovery = [token IN user.recovery WHERE $recovery IS NULL OR NOT token IN $recovery]
RETURN user.id AS id
