// Who was shown this child, or opened it in vain, and how often was it only compared with a search?
// A sensitive service is not named, nor who works there, without recorded consent. Children who are one
// by a judgement are one here. For the family what is kept back until a review is left out.
// param child: str -- the child's id
// param family: bool -- whether it is for the family
// param on: date -- today
// param most: int -- looks in the answer, the latest first; whoever reads a list of many children comes last
// param clearance: list[str] -- filled by the door
// returns looks, total, compared
MATCH (start:Child {id: $child})
WHERE $clearance IS NOT NULL
MATCH (start) (()-[same:MAY_BE WHERE same.judgement = 'same' AND same.retracted_at IS NULL]-()){0,20}
      (member:Child)
WITH collect(DISTINCT member.id) AS members
CALL (members) {
  MATCH (said:Access {question: 'Defer'})
  WHERE any(id IN said.deferred_for WHERE id IN members)
  WITH said ORDER BY said.at, said.id
  WITH said.deferred_service AS service,
    CASE WHEN said.deferred_service IS NULL THEN said.deferred_look END AS look,
    last(collect(said)) AS latest
  WHERE latest.until IS NOT NULL
  RETURN collect({
    look: look, service: service, author: latest.user, at: latest.at, until: latest.until,
    reason: latest.reason, reference: latest.reference, whole_service: service IS NOT NULL,
    in_force: latest.until >= $on
  }) AS deferrals
}
CALL (members, deferrals) {
  MATCH (record:Access)
  WITH members, deferrals, record, any(id IN record.children WHERE id IN members) AS shown
  WHERE shown OR record.outcome = 'not visible' AND any(id IN record.refused WHERE id IN members)
  WITH members, record, shown,
    [one IN deferrals WHERE one.look = record.id OR one.service = record.user_service] AS own
  WHERE NOT ($family AND any(one IN own WHERE one.in_force))
  OPTIONAL MATCH (service:Service {id: record.user_service})
  WITH members, record, shown, own, service,
    NOT coalesce(service.sensitive, false)
      AND NOT EXISTS { (:Service {code: service.code, sensitive: true}) }
      OR EXISTS {
        MATCH (member:Child)-[consent:CONSENTS_TO]->(service)
        WHERE member.id IN members AND consent.retracted_at IS NULL AND consent.agencies IS NULL
          AND (consent.until IS NULL OR consent.until >= $on)
      } AS clear
  ORDER BY record.question IN ['Caseload', 'OwnLooks'], record.at DESC, record.id
  RETURN collect({
    id: record.id,
    at: record.at, role: record.role, question: CASE WHEN clear THEN record.question END, shown: shown,
    restricted: any(id IN coalesce(record.restricted, []) WHERE id IN members),
    user: CASE WHEN clear THEN record.user END,
    service: CASE WHEN clear THEN service.name ELSE 'a sensitive service' END,
    authority: CASE WHEN clear
      THEN COLLECT { MATCH (a:Authority {number: record.user_authority}) RETURN a.name }[0] END,
    ground: CASE WHEN clear THEN record.ground END,
    purpose: CASE WHEN clear THEN record.purpose END,
    emergency: CASE WHEN clear THEN record.emergency END,
    reference: CASE WHEN clear THEN record.reference END,
    deferrals: [one IN own WHERE NOT $family
      | one {.author, .at, .until, .reason, .reference, .whole_service, .in_force}]
  }) AS looks
}
RETURN looks[..$most] AS looks, size(looks) AS total, COUNT {
  MATCH (record:Access)
  WHERE (any(id IN record.compared WHERE id IN members)
     OR NOT record.outcome = 'not visible' AND record.question <> 'OwnLooks'
       AND any(id IN record.refused WHERE id IN members))
    AND NOT ($family AND coalesce(
      any(one IN deferrals WHERE one.in_force AND one.service = record.user_service), false))
} AS compared
