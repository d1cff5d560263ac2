// Is this service shown in clear on the child's map, with whom of those who are one child does it work, and
// does the viewer's same report wait already?
// The same services that ask/service_map shows in clear; about no service in particular, it is clear.
// param child: str -- the child's id
// param service: str -- the service's id; null for none in particular
// param mistake: str -- what is wrong
// param user: str -- who reports
// param today: date -- on which consent must hold
// param clearance: list[str] -- filled by the door
// returns about, clear, waits
MATCH (start:Child {id: $child})
WHERE NOT start.shielded
MATCH (start) (()-[same:MAY_BE WHERE same.judgement = 'same' AND same.retracted_at IS NULL]-()){0,20}
      (member:Child)
WITH start, collect(DISTINCT member) AS members
OPTIONAL MATCH (service:Service {id: $service})
WITH start, members, service, [one IN members WHERE EXISTS {
  MATCH (service)-[edge:INVOLVED_WITH]->(one)
  WHERE edge.retracted_at IS NULL AND edge.parted IS NULL
} OR EXISTS {
  MATCH (:Practitioner)-[work:WORKS_WITH {service: service.id}]->(one)
  WHERE work.retracted_at IS NULL AND work.parted IS NULL
} | one.id] AS worked
WITH members, coalesce(worked[0], start.id) AS about, $service IS NULL OR (
  size(worked) > 0 AND ((NOT service.sensitive AND NOT EXISTS { (:Service {code: service.code, sensitive: true}) })
    OR 'service:' + service.id IN $clearance
    OR any(one IN members WHERE EXISTS {
      MATCH (one)-[consent:CONSENTS_TO]->(service)
      WHERE consent.retracted_at IS NULL AND (consent.until IS NULL OR consent.until >= $today)
        AND (consent.agencies IS NULL OR any(for IN consent.agencies WHERE 'agency:' + for IN $clearance))
    }))) AS clear
RETURN about, coalesce(clear, false) AS clear, EXISTS {
  MATCH (asked:Correction {asked_by: $user, state: 'waiting', mistake: $mistake})-[:ABOUT]->(one:Child)
  WHERE one IN members AND CASE
    WHEN $service IS NULL THEN NOT EXISTS { (asked)-[:CONCERNS]->() }
    ELSE EXISTS { (asked)-[:CONCERNS]->(:Service {id: $service}) } END
} AS waits
