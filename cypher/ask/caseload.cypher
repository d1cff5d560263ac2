// Who are these children, and who of the user's own service is named for each of them now?
// param children: list[str] -- children's ids
// param service: str -- id of the service for which the user works
// param today: date -- on which they are named
// param clearance: list[str] -- filled by the door
// returns child, identities, workers
UNWIND $children AS id
MATCH (start:Child {id: id})
MATCH (start) (()-[same:MAY_BE WHERE same.judgement = 'same' AND same.retracted_at IS NULL]-()){0,20}
      (member:Child)
WITH start, collect(DISTINCT member) AS members
WHERE NOT any(one IN members WHERE one.shielded)
CALL (members) {
  UNWIND members AS child
  MATCH (:Source)-[known:KNOWN_AS]->(child)
  WHERE 'identity' IN $clearance AND known.parted IS NULL AND known.retracted_at IS NULL
  RETURN collect({child: child.id, sealed: known.sealed, asserted_on: known.asserted_on}) AS identities
}
CALL (members) {
  UNWIND members AS child
  MATCH (worker:Practitioner)-[work:WORKS_WITH {service: $service}]->(child)
  WHERE 'service:' + $service IN $clearance AND work.retracted_at IS NULL AND work.parted IS NULL
    AND (work.from IS NULL OR work.from <= $today) AND (work.to IS NULL OR work.to >= $today)
  WITH DISTINCT worker ORDER BY worker.name
  RETURN collect(worker.name) AS workers
}
RETURN start.id AS child, identities, workers
