// Who was shown a child, found by a name or a number, and with which mark of whether they share its name?
// Only the keys tell which marks say yes: in clear they would tell a family name.
// param since: datetime -- only after this instant
// param authorities: list[str] -- DfE numbers of the users' areas; null for all
// param clearance: list[str] -- filled by the door
// returns user, at, reference, namesake
MATCH (record:Access)
WHERE record.at > $since AND $clearance IS NOT NULL AND record.namesake IS NOT NULL
  AND ($authorities IS NULL OR record.user_authority IN $authorities)
RETURN record.user AS user, record.at AS at, record.reference AS reference, record.namesake AS namesake
ORDER BY user, at
