// A user, with what they prove themselves by.
// param user: str -- the user's id
// returns user
MATCH (user:User {id: $user})
RETURN properties(user) AS user
