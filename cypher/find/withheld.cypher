// Which sensitive services are or were involved with this child and withheld from the viewer, with whom of
// those who are one child, and does a request of theirs for one wait already? The same services that ask/service_map withholds.
// param child: str -- the child's id
// param user: str -- who asks
// param today: date -- on which consent must hold
// param clearance: list[str] -- filled by the door
// returns about, service, waits
MATCH (start:Child {id: $child})
WHERE NOT start.shielded
MATCH (start) (()-[same:MAY_BE WHERE same.judgement = 'same' AND same.retracted_at IS NULL]-()){0,20}
      (member:Child)
WITH collect(DISTINCT member) AS members
UNWIND members AS child
CALL (child) {
  MATCH (service:Service)-[edge:INVOLVED_WITH]->(child)
  WHERE edge.retracted_at IS NULL AND edge.parted IS NULL
  RETURN service
  UNION
  MATCH (:Practitioner)-[work:WORKS_WITH]->(child)
  WHERE work.retracted_at IS NULL AND work.parted IS NULL
  MATCH (service:Service {id: work.service})
  USING INDEX SEEK service:Service(id)
  RETURN service
}
WITH members, service, min(child.id) AS about
WHERE (service.sensitive OR EXISTS { (:Service {code: service.code, sensitive: true}) })
  AND NOT 'service:' + service.id IN $clearance
  AND NOT any(one IN members WHERE EXISTS {
    MATCH (one)-[consent:CONSENTS_TO]->(service)
    WHERE consent.retracted_at IS NULL AND (consent.until IS NULL OR consent.until >= $today)
      AND (consent.agencies IS NULL OR any(for IN consent.agencies WHERE 'agency:' + for IN $clearance))
  })
RETURN about, service.id AS service, EXISTS {
  MATCH (asked:Introduction {asked_by: $user, state: 'waiting'})-[:SEEKS]->(service)
  MATCH (asked)-[:ABOUT]->(one:Child) WHERE one IN members
} AS waits
ORDER BY service
