// Who opened children for a stated purpose, and their service never came to be involved?
// A look is one child opened by one user on one day, however often. Looked at are those that became old
// enough since an instant. Not: users without a service, of whom it cannot be said; looks that showed
// nothing but that a restricted record exists.
// param since: datetime -- looks after this instant
// param until: datetime -- and up to this one: long enough ago for an involvement to have come
// param within: int -- days in which it should have begun
// param fewest: int -- of fewer looks nothing is said
// param authorities: list[str] -- DfE numbers of the users' areas; null for all
// param clearance: list[str] -- filled by the door
// returns user, count, total, first, last, references
MATCH (record:Access)
WHERE record.at > $since AND record.at <= $until AND $clearance IS NOT NULL
  AND record.question IN ['ServiceMapOf', 'BoundariesOf', 'ExportMap'] AND record.outcome = 'shown'
  AND record.ground = 'stated purpose' AND record.user_service IS NOT NULL
  AND ($authorities IS NULL OR record.user_authority IN $authorities)
WITH record.user AS user, record.user_service AS service, record.children AS children,
  date(datetime({datetime: record.at, timezone: 'Europe/London'})) AS day,
  min(record.at) AS first, max(record.at) AS last, collect(DISTINCT record.reference) AS references
WITH user, first, last, references, EXISTS {
  UNWIND children AS id
  MATCH (child:Child {id: id})<-[edge:INVOLVED_WITH]-(:Service {id: service})
  WHERE edge.retracted_at IS NULL AND coalesce(edge.from, day) <= day + duration({days: $within})
    AND coalesce(edge.to, day) >= day
} OR EXISTS {
  UNWIND children AS id
  MATCH (child:Child {id: id})<-[edge:WORKS_WITH {service: service}]-(:Practitioner)
  WHERE edge.retracted_at IS NULL AND coalesce(edge.from, day) <= day + duration({days: $within})
    AND coalesce(edge.to, day) >= day
} AS followed
WITH user, collect({first: first, last: last, references: references, followed: followed}) AS looks
WITH user, size(looks) AS total, [look IN looks WHERE NOT look.followed] AS idle
WHERE size(idle) >= $fewest
RETURN user, size(idle) AS count, total,
  reduce(least = idle[0].first, look IN idle | CASE WHEN look.first < least THEN look.first ELSE least END)
    AS first,
  reduce(most = idle[0].last, look IN idle | CASE WHEN look.last > most THEN look.last ELSE most END) AS last,
  reduce(said = [], look IN idle | said + look.references) AS references
ORDER BY user
