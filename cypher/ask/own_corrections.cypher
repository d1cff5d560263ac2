// What came of one user's reports that something is wrong? Nothing of which child or service.
// param user: str -- who reported
// param since: datetime -- what was answered before is told no more
// param clearance: list[str] -- filled by the door
// returns reference, asked_at, mistake, state, tried_at, answered_at
MATCH (asked:Correction {asked_by: $user})-[:ABOUT]->(child:Child)
WHERE $clearance IS NOT NULL AND NOT child.shielded
  AND (asked.answered_at IS NULL OR asked.answered_at >= $since)
RETURN asked.reference AS reference, asked.asked_at AS asked_at, asked.mistake AS mistake,
  asked.state AS state, asked.tried_at AS tried_at, asked.answered_at AS answered_at
ORDER BY asked.asked_at DESC, asked.id
LIMIT 200
