// Which users, without a ground of their service or area, opened one and the same child within some days?
// Never which child. Not: users whose service came to be involved; looks that showed nothing but that a
// restricted record exists. Children who are one by a judgement are one here: each look names them all.
// param before: datetime -- looks after this instant are taken together
// param since: datetime -- and the last of them is after this one
// param days: int -- within so many days
// param fewest: int -- of fewer users nothing is said
// param authorities: list[str] -- DfE numbers of the users' areas; null for all
// param clearance: list[str] -- filled by the door
// returns users, count, first, last, references
MATCH (record:Access)
WHERE record.at > $before AND $clearance IS NOT NULL
  AND record.question IN ['ServiceMapOf', 'BoundariesOf', 'ExportMap'] AND record.outcome = 'shown'
  AND record.ground IN ['stated purpose', 'break-glass']
  AND ($authorities IS NULL OR record.user_authority IN $authorities)
  AND NOT EXISTS {
    UNWIND record.children AS id
    MATCH (:Child {id: id})<-[edge:INVOLVED_WITH]-(:Service {id: record.user_service})
    WHERE edge.retracted_at IS NULL
  }
  AND NOT EXISTS {
    UNWIND record.children AS id
    MATCH (:Child {id: id})<-[edge:WORKS_WITH {service: record.user_service}]-(:Practitioner)
    WHERE edge.retracted_at IS NULL
  }
UNWIND record.children AS child
WITH child, record
ORDER BY record.at
WITH child, collect(record {.at, .user, .reference}) AS looks
UNWIND [look IN looks WHERE look.at > $since] AS latest
WITH child, [look IN looks
  WHERE look.at <= latest.at AND look.at > latest.at - duration({days: $days})] AS together
WITH child, together, COLLECT { UNWIND together AS look RETURN DISTINCT look.user ORDER BY look.user } AS users
WHERE size(users) >= $fewest
WITH child, together, users
ORDER BY size(users) DESC, together[-1].at
WITH child, collect({users: users, looks: together})[0] AS most
RETURN DISTINCT most.users AS users, size(most.users) AS count, most.looks[0].at AS first,
  most.looks[-1].at AS last, [look IN most.looks | look.reference] AS references
ORDER BY last DESC
