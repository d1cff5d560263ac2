// A user whom an organisation or the demo signs in, as it says now; none where the id is another's.
// param user: map -- id, name, role, service, authority, origin, subject
// param now: datetime -- the time
// param today: date -- the day
// returns ended_at, confirmed_on
OPTIONAL MATCH (other:User {id: $user.id})
WITH other
WHERE other IS NULL OR other.subject = $user.subject
MERGE (user:User {subject: $user.subject})
ON CREATE SET user.made_at = $now, user.made_by = $user.origin,
  user.confirmed_on = $today, user.confirmed_by = $user.origin
SET user += $user
RETURN user.ended_at AS ended_at, user.confirmed_on AS confirmed_on
