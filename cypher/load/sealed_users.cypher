// Users whose secrets a key sealed that is not the newest.
// param key: str -- id of the newest key and a dot
// returns id, password, otp
MATCH (user:User)
WHERE user.password IS NOT NULL AND NOT (user.password STARTS WITH $key AND user.otp STARTS WITH $key)
RETURN user.id AS id, user.password AS password, user.otp AS otp
