// Who was shown this child, or was refused it, and how often was it only compared with a search?
// Children who are one by a judgement are one here.
// param child: str -- the child's id
// param most: int -- looks in the answer, the latest first
// param clearance: list[str] -- filled by the door
// returns looks, total, compared
MATCH (start:Child {id: $child})
WHERE $clearance IS NOT NULL
MATCH (start) (()-[same:MAY_BE WHERE same.judgement = 'same' AND same.retracted_at IS NULL]-()){0,20}
      (member:Child)
WITH collect(DISTINCT member.id) AS members
CALL (members) {
  MATCH (record:Access)
  WHERE any(id IN record.children WHERE id IN members)
     OR any(id IN record.refused WHERE id IN members)
  WITH record, any(id IN record.children WHERE id IN members) AS shown
  ORDER BY record.at DESC, record.id
  RETURN collect({
    at: record.at, user: record.user, role: record.role, question: record.question,
    shown: shown, restricted: record.outcome = 'restricted', ground: record.ground,
    purpose: record.purpose, emergency: record.emergency, reference: record.reference,
    service: COLLECT { MATCH (s:Service {id: record.user_service}) RETURN s.name }[0],
    authority: COLLECT { MATCH (a:Authority {number: record.user_authority}) RETURN a.name }[0]
  }) AS looks
}
RETURN looks[..$most] AS looks, size(looks) AS total, COUNT {
  MATCH (record:Access)
  WHERE any(id IN record.compared WHERE id IN members)
} AS compared
