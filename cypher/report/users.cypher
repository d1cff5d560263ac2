// Who may sign in or could, in these areas.
// param authorities: list[str] -- DfE numbers; null for all, and for those who have no area
// param clearance: list[str] -- filled by the door
// returns user, seen_at
MATCH (user:User)
WHERE $clearance IS NOT NULL AND user.origin <> 'demo' AND ($authorities IS NULL OR user.authority IN $authorities)
RETURN user {.id, .name, .role, .service, .authority, .origin, .made_at, .made_by, .confirmed_on,
             .confirmed_by, .ended_at, .ended_by} AS user,
  COLLECT { MATCH (session:Session)-[:SESSION_OF]->(user) RETURN max(session.seen_at) }[0] AS seen_at
ORDER BY user.ended_at IS NOT NULL, user.confirmed_on, user.id
