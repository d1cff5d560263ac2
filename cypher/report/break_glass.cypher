// Where was break-glass used, why, and how was it explained? Never of whom.
// All that was opened by one statement of an emergency, within its hour, is one use. Its id is that of its
// first record, which an explanation names. Records of before an hour was kept are each a use.
// param since: datetime -- only what was stated after this instant
// param authorities: list[str] -- DfE numbers of the users' areas; null for all
// param user: str -- only this user's; null for everybody's
// param clearance: list[str] -- filled by the door
// returns id, at, user, emergency, reference, outcome, explained, explained_reference, explained_at
MATCH (record:Access)
WHERE record.ground = 'break-glass' AND record.at > $since AND $clearance IS NOT NULL
  AND ($authorities IS NULL OR record.user_authority IN $authorities)
  AND ($user IS NULL OR record.user = $user)
WITH record, coalesce(record.stated_at, record.at) AS stated_at
WHERE stated_at > $since
ORDER BY record.at, record.id
WITH record.user AS user, stated_at, record.emergency AS emergency, record.reference AS reference,
  collect(record) AS records
WITH user, emergency, reference, records, records[0].id AS id, records[0].at AS at
ORDER BY at DESC, id
LIMIT 200
OPTIONAL MATCH (said:Access {explains: id, user: user})
RETURN id, at, user, emergency, reference,
  CASE WHEN any(record IN records WHERE record.outcome = 'shown') THEN 'shown'
    ELSE records[0].outcome END AS outcome,
  said.explained AS explained, said.reference AS explained_reference, said.at AS explained_at
ORDER BY at DESC, id
