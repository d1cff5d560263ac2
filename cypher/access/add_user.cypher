// A user of this machine's own; none where the id is taken, or there is no such service.
// param user: map -- id, name, role, service, authority, origin, made_at, made_by, stamp,
// param secrets: map -- password, otp: sealed; recovery: tokens of the codes
// param service: str -- id of the service for which they work; null
// returns id
WITH $service AS service
WHERE service IS NULL OR EXISTS { (:Service {id: service}) }
MERGE (user:User {id: $user.id})
ON CREATE SET user = $user, user += $secrets, user.failures = 0
WITH user WHERE user.otp = $secrets.otp
RETURN user.id AS id
