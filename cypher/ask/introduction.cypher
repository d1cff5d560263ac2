// Who seeks whom, and about which child? For the broker, who is to tell neither of the other.
// param introduction: str -- its id
// param clearance: list[str] -- filled by the door
// returns asked_at, by, by_service, by_telephone, reference, tried_at, service, identities, lines
MATCH (asked:Introduction {id: $introduction})-[:ABOUT]->(start:Child)
WHERE 'identity' IN $clearance
MATCH (asked)-[:SEEKS]->(service:Service)
OPTIONAL MATCH (own:Service {id: asked.for_service})
MATCH (start) (()-[same:MAY_BE WHERE same.judgement = 'same' AND same.retracted_at IS NULL]-()){0,20}
      (member:Child)
WITH asked, service, own, collect(DISTINCT member) AS members
RETURN asked.asked_at AS asked_at, asked.asked_by AS by, own.name AS by_service,
  asked.telephone AS by_telephone, asked.reference AS reference, asked.tried_at AS tried_at,
  service.name AS service,
  COLLECT {
    UNWIND members AS child
    MATCH (:Source)-[known:KNOWN_AS]->(child)
    WHERE known.retracted_at IS NULL AND known.parted IS NULL
    RETURN {child: child.id, sealed: known.sealed, asserted_on: known.asserted_on}
  } AS identities,
  COLLECT {
    UNWIND members AS child
    MATCH (worker:Practitioner)-[work:WORKS_WITH {service: service.id}]->(child)
    WHERE work.retracted_at IS NULL AND work.parted IS NULL AND work.to IS NULL
      AND worker.work_phone IS NOT NULL
    RETURN {kind: 'worker', name: worker.name, telephone: worker.work_phone}
  } + [line IN [
    {kind: 'duty line', name: service.name, telephone: service.duty_line},
    {kind: 'out-of-hours line', name: service.name, telephone: service.out_of_hours_line}
  ] WHERE line.telephone IS NOT NULL] AS lines
