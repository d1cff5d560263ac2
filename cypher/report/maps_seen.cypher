// Which service maps did this user ask for in this time? Nothing of whose they are.
// param user: str -- the user's id
// param since: datetime -- from this instant on
// param before: datetime -- before this instant
// param clearance: list[str] -- filled by the door
// returns look, at, outcome, clearance, on, known_at, comparable
MATCH (record:Access)
WHERE $since <= record.at < $before AND record.user = $user AND record.question IN ['ServiceMapOf', 'BoundariesOf', 'ExportMap']
  AND $clearance IS NOT NULL
RETURN record.id AS look, record.at AS at, record.outcome AS outcome,
  coalesce(record.clearance, []) AS clearance, record.on AS on, record.known_at AS known_at,
  record.digest IS NOT NULL AS comparable
ORDER BY at, look
LIMIT 1000
