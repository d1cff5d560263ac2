// Somebody to whom their organisation gives no access (any more): their sessions end everywhere.
// param subject: str -- keyed stamp of who they are there
// returns user
MATCH (user:User {subject: $subject})
CALL (user) {
  MATCH (session:Session)-[:SESSION_OF]->(user)
  DETACH DELETE session
}
RETURN properties(user) AS user
