// Somebody's access ends, and with it their sessions everywhere.
// param user: str -- the user's id
// param authorities: list[str] -- DfE numbers of the areas in which one may; null for all
// param by: str -- who ends it
// param now: datetime -- the time
// returns id
MATCH (user:User {id: $user})
WHERE user.origin <> 'demo' AND ($authorities IS NULL OR user.authority IN $authorities)
SET user.ended_at = coalesce(user.ended_at, $now), user.ended_by = coalesce(user.ended_by, $by)
WITH user
CALL (user) {
  MATCH (session:Session)-[:SESSION_OF]->(user)
  DETACH DELETE session
}
RETURN user.id AS id
