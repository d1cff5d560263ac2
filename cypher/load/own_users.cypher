// Users who have secrets of their own.
// returns id
MATCH (user:User)
WHERE user.password IS NOT NULL
RETURN user.id AS id
