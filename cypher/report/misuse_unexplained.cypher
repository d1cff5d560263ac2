// Who broke the glass and did not explain it in time?
// All that was opened by one statement of an emergency is one use, as in report/break_glass.
// param since: datetime -- what was stated after this instant
// param until: datetime -- and up to this one: long enough ago to have been explained
// param authorities: list[str] -- DfE numbers of the users' areas; null for all
// param clearance: list[str] -- filled by the door
// returns user, count, first, last, references
MATCH (record:Access)
WHERE record.ground = 'break-glass' AND record.at > $since AND $clearance IS NOT NULL
  AND ($authorities IS NULL OR record.user_authority IN $authorities)
WITH record, coalesce(record.stated_at, record.at) AS stated_at
WHERE stated_at > $since AND stated_at <= $until
WITH record.user AS user, stated_at, record.reference AS reference, collect(record.id) AS ids
WHERE NOT EXISTS {
  MATCH (said:Access {user: user})
  WHERE said.explains IN ids
}
RETURN user, count(*) AS count, min(stated_at) AS first, max(stated_at) AS last,
  collect(DISTINCT reference) AS references
ORDER BY user
