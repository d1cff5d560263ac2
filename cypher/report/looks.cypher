// Who was shown this child, or opened it in vain, and how often was it only compared with a search?
// A sensitive service is not named, nor who works there, without recorded consent. Children who are one
// by a judgement are one here.
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
  WITH members, record, any(id IN record.children WHERE id IN members) AS shown
  WHERE shown OR record.outcome = 'not visible' AND any(id IN record.refused WHERE id IN members)
  OPTIONAL MATCH (service:Service {id: record.user_service})
  WITH members, record, shown, service,
    NOT coalesce(service.sensitive, false)
      AND NOT EXISTS { (:Service {code: service.code, sensitive: true}) }
      OR EXISTS {
        MATCH (member:Child)-[consent:CONSENTS_TO]->(service)
        WHERE member.id IN members AND consent.retracted_at IS NULL
      } AS clear
  ORDER BY record.at DESC, record.id
  RETURN collect({
    at: record.at, role: record.role, question: record.question, shown: shown,
    restricted: any(id IN coalesce(record.restricted, []) WHERE id IN members),
    user: CASE WHEN clear THEN record.user END,
    service: CASE WHEN clear THEN service.name ELSE 'a sensitive service' END,
    authority: CASE WHEN clear
      THEN COLLECT { MATCH (a:Authority {number: record.user_authority}) RETURN a.name }[0] END,
    ground: CASE WHEN clear THEN record.ground END,
    purpose: CASE WHEN clear THEN record.purpose END,
    emergency: CASE WHEN clear THEN record.emergency END,
    reference: CASE WHEN clear THEN record.reference END
  }) AS looks
}
RETURN looks[..$most] AS looks, size(looks) AS total, COUNT {
  MATCH (record:Access)
  WHERE any(id IN record.compared WHERE id IN members)
     OR record.outcome <> 'not visible' AND any(id IN record.refused WHERE id IN members)
} AS compared
