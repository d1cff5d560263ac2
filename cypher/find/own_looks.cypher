// Which children's maps did this user open since then, when last, on which ground and stating what?
// Children who are one by a judgement are one here. A child who is there no more keeps its line, as one
// whom the user may know no more does: the list tells neither. Where a record names several who are not
// one any more, it is the first of them, as a search opens that one.
// param user: str -- whose looks
// param since: datetime -- from this instant on
// param most: int -- children in the answer, the latest first
// param clearance: list[str] -- filled by the door; empty while nothing is known of the children
// returns child, shielded, at, ground, purpose, emergency, reference, stated_at
MATCH (record:Access)
USING INDEX record:Access(user, question, at)
WHERE record.user = $user AND record.question IN ['ServiceMapOf', 'BoundariesOf', 'ExportMap']
  AND record.at >= $since AND record.outcome = 'shown' AND $clearance IS NOT NULL
WITH record.children AS ids,
  collect(record {.id, .at, .ground, .purpose, .emergency, .reference, .stated_at}) AS looks
CALL (ids) {
  MATCH (any:Child) WHERE any.id IN ids
  WITH any ORDER BY any.id LIMIT 1
  MATCH (any) (()-[same:MAY_BE WHERE same.judgement = 'same' AND same.retracted_at IS NULL]-()){0,20}
        (member:Child)
  RETURN min(member.id) AS child, count(CASE WHEN member.shielded THEN 1 END) > 0 AS shielded
}
UNWIND looks AS look
WITH coalesce(child, ids[0]) AS child, shielded, look
ORDER BY look.at DESC, look.id DESC
WITH child, shielded, collect(look) AS looks
WITH child, shielded, looks, looks[0] AS latest
// What was stated for an emergency has its own time; else the first look for which the same was stated.
RETURN child, shielded, latest.at AS at, latest.ground AS ground, latest.purpose AS purpose,
  latest.emergency AS emergency, latest.reference AS reference,
  coalesce(latest.stated_at, [look IN looks
    WHERE coalesce(look.purpose, '') = coalesce(latest.purpose, '')
      AND coalesce(look.emergency, '') = coalesce(latest.emergency, '')
      AND coalesce(look.reference, '') = coalesce(latest.reference, '') | look.at][-1]) AS stated_at
ORDER BY at DESC, child
LIMIT $most
