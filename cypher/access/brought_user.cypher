// A user whom an organisation or the demo signs in, as it says now; none where they are new and the id is another's.
// Whoever is known keeps the id with which they first came: records, handles and requests hang on it.
// param id: str -- what they are called there now
// param user: map -- name, role, service, authority, origin, subject
// param now: datetime -- the time
// param today: date -- the day
// returns id, ended_at, confirmed_on
OPTIONAL MATCH (known:User {subject: $user.subject})
OPTIONAL MATCH (other:User {id: $id})
WITH known, other
WHERE known IS NOT NULL OR other IS NULL
MERGE (user:User {subject: $user.subject})
ON CREATE SET user.id = $id, user.made_at = $now, user.made_by = $user.origin,
  user.confirmed_on = $today, user.confirmed_by = $user.origin
SET user += $user
RETURN user.id AS id, user.ended_at AS ended_at, user.confirmed_on AS confirmed_on
