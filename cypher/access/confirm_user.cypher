// Somebody's access is confirmed, and goes on.
// param user: str -- the user's id
// param authorities: list[str] -- DfE numbers of the areas in which one may; null for all
// param by: str -- who confirms: never the user themselves
// param today: date -- the day
// returns id
MATCH (user:User {id: $user})
WHERE user.id <> $by AND user.ended_at IS NULL AND user.origin <> 'demo'
  AND ($authorities IS NULL OR user.authority IN $authorities)
SET user.confirmed_on = $today, user.confirmed_by = $by
RETURN user.id AS id
