// Who asked for more than anybody needs in so short a time, and was slowed down?
// It is recorded at most once a minute of each user; and once an hour of each address from which sign-ins
// failed, whose user nobody knows.
// param since: datetime -- only after this instant
// param authorities: list[str] -- DfE numbers of the users' areas; null for all
// param clearance: list[str] -- filled by the door
// returns user, count, first, last
MATCH (record:Access)
WHERE record.at > $since AND $clearance IS NOT NULL AND record.outcome = 'slowed down'
  AND ($authorities IS NULL OR record.user_authority IN $authorities)
RETURN record.user AS user, count(*) AS count, min(record.at) AS first, max(record.at) AS last
ORDER BY user
