// Who opened children by night, though their service has hours that are not round the clock?
// Whether it was open just then by its own hours is for the calendar, not for Cypher. A look is one child
// opened by one user in one night, however often; the hours of 22 to 6 are one night.
// param since: datetime -- only after this instant
// param authorities: list[str] -- DfE numbers of the users' areas; null for all
// param clearance: list[str] -- filled by the door
// returns user, at, reference, hours
MATCH (record:Access)
WHERE record.at > $since AND $clearance IS NOT NULL
  AND record.question IN ['ServiceMapOf', 'BoundariesOf', 'ExportMap'] AND record.outcome IN ['shown', 'restricted']
  AND ($authorities IS NULL OR record.user_authority IN $authorities)
WITH record, datetime({datetime: record.at, timezone: 'Europe/London'}) AS local
WHERE local.hour >= 22 OR local.hour < 6
MATCH (service:Service {id: record.user_service})
WHERE service.hours <> '24/7'
WITH record.user AS user, service.hours AS hours, record.children AS children,
  date(local - duration('PT12H')) AS night, min(record.at) AS at, min(record.reference) AS reference
RETURN user, at, reference, hours
ORDER BY user, at
