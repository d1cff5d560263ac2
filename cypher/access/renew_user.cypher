// New secrets for a user of this machine's own; their sessions end.
// param user: str -- the user's id
// param secrets: map -- password, otp: sealed; recovery: tokens of the codes; stamp: of who they are
// returns id
MATCH (user:User {id: $user, origin: 'own'})
SET user += $secrets, user.failures = 0, user.locked_until = null
WITH user
CALL (user) {
  MATCH (session:Session)-[:SESSION_OF]->(user)
  DETACH DELETE session
}
RETURN user.id AS id
