// What was reported as wrong, about which child, and which sources say it? For a steward, who rings them.
// Of no service in particular, they are the sources that say who the child is.
// param correction: str -- its id
// param clearance: list[str] -- filled by the door
// returns asked_at, by, by_service, reference, mistake, tried_at, service, identities, sources
MATCH (asked:Correction {id: $correction})-[:ABOUT]->(start:Child)
WHERE 'identity' IN $clearance
OPTIONAL MATCH (asked)-[:CONCERNS]->(service:Service)
OPTIONAL MATCH (own:Service {id: asked.for_service})
MATCH (start) (()-[same:MAY_BE WHERE same.judgement = 'same' AND same.retracted_at IS NULL]-()){0,20}
      (member:Child)
WITH asked, service, own, collect(DISTINCT member) AS members
CALL (members, service) {
  CALL (members, service) {
    UNWIND members AS child
    MATCH (source:Source)-[known:KNOWN_AS]->(child)
    WHERE service IS NULL AND known.retracted_at IS NULL AND known.parted IS NULL
    RETURN source
    UNION
    UNWIND members AS child
    MATCH (service)-[edge:INVOLVED_WITH]->(child)
    WHERE edge.retracted_at IS NULL AND edge.parted IS NULL
    MATCH (source:Source {id: edge.source})
    RETURN source
    UNION
    UNWIND members AS child
    MATCH (:Practitioner)-[work:WORKS_WITH {service: service.id}]->(child)
    WHERE work.retracted_at IS NULL AND work.parted IS NULL
    MATCH (source:Source {id: work.source})
    RETURN source
  }
  OPTIONAL MATCH (source)-[:SENDS_FOR]->(area:Authority)
  WITH source, area ORDER BY area.name, source.name
  RETURN collect({name: source.name, authority: area.name}) AS sources
}
WITH *, coalesce(own.sensitive, false) OR EXISTS { (:Service {code: own.code, sensitive: true}) } AS hidden
RETURN asked.asked_at AS asked_at, CASE WHEN NOT hidden THEN asked.asked_by END AS by,
  CASE WHEN NOT hidden THEN own.name END AS by_service,
  asked.reference AS reference, asked.mistake AS mistake, asked.tried_at AS tried_at,
  service.name AS service,
  COLLECT {
    UNWIND members AS child
    MATCH (:Source)-[known:KNOWN_AS]->(child)
    WHERE known.retracted_at IS NULL AND known.parted IS NULL
    RETURN {child: child.id, sealed: known.sealed, asserted_on: known.asserted_on}
  } AS identities, sources
