// What came of one user's requests to the broker? The other side is told only where they agreed.
// param user: str -- who asked
// param since: datetime -- what was answered before is told no more
// param clearance: list[str] -- filled by the door
// returns reference, asked_at, state, tried_at, answered_at, service, telephone
MATCH (asked:Introduction {asked_by: $user})-[:ABOUT]->(child:Child)
WHERE $clearance IS NOT NULL AND NOT child.shielded
  AND (asked.answered_at IS NULL OR asked.answered_at >= $since)
MATCH (asked)-[:SEEKS]->(service:Service)
WITH asked, asked.state = 'agreed' AS agreed, service
RETURN asked.reference AS reference, asked.asked_at AS asked_at, asked.state AS state,
  asked.tried_at AS tried_at, asked.answered_at AS answered_at,
  CASE WHEN agreed THEN service.name END AS service,
  CASE WHEN agreed THEN asked.ring END AS telephone
ORDER BY asked.asked_at DESC, asked.id
LIMIT 200
