// Which looks are kept back from families' reports, by whom and until when; nothing of whose they are.
// What was said last of a look, or of all looks of a service at a child, holds.
// param since: date -- those that ended before this day are left out
// param on: date -- today
// param clearance: list[str] -- filled by the door
// returns author, at, until, reason, reference, whole_service, in_force
MATCH (said:Access {question: 'Defer'})
WHERE $clearance IS NOT NULL AND said.deferred_look IS NOT NULL
WITH said ORDER BY said.at, said.id
WITH said.deferred_for[0] AS child, said.deferred_service AS service,
  CASE WHEN said.deferred_service IS NULL THEN said.deferred_look END AS look,
  last(collect(said)) AS latest
WHERE latest.until >= $since
RETURN latest.user AS author, latest.at AS at, latest.until AS until, latest.reason AS reason,
  latest.reference AS reference, service IS NOT NULL AS whole_service, latest.until >= $on AS in_force
ORDER BY until, at
LIMIT 1000
