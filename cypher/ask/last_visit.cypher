// What is the user's own service called, and when did they last see with which children it works?
// param user: str -- the user's id
// param service: str -- id of the service for which they work
// param earliest: datetime -- what was before it is no visit any more
// param before: datetime -- the start of today, so that whoever looks twice sees the same twice
// param clearance: list[str] -- filled by the door; empty while nothing is known of the children
// returns service, at
OPTIONAL MATCH (own:Service {id: $service})
WHERE $clearance IS NOT NULL
OPTIONAL MATCH (record:Access {user: $user, question: 'Caseload'})
USING INDEX SEEK record:Access(user, question, at)
WHERE record.at >= $earliest AND record.at < $before AND record.user_service = $service
  AND record.outcome IN ['shown', 'nothing found']
RETURN own.name AS service, max(record.at) AS at
