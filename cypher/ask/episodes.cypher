// What does a source say of these children: who each is, which of its services are or were involved,
// and who is or was named? A sensitive service only where consent to show it to all holds; nobody who is
// shielded.
// param children: list[str] -- children's ids
// param source: str -- the source's id
// param today: date -- on which consent must hold
// param clearance: list[str] -- filled by the door
// returns child, sealed, episodes, allocations
UNWIND $children AS id
MATCH (child:Child {id: id})
WHERE NOT child.shielded AND 'identity' IN $clearance
CALL (child) {
  MATCH (:Source {id: $source})-[known:KNOWN_AS]->(child)
  WHERE known.retracted_at IS NULL
  RETURN known.sealed AS sealed
  ORDER BY known.asserted_on DESC, known.record
  LIMIT 1
}
CALL (child) {
  MATCH (service:Service)-[edge:INVOLVED_WITH]->(child)
  WHERE edge.source = $source AND edge.retracted_at IS NULL AND edge.parted IS NULL
  WITH child, service, edge, COLLECT {
    MATCH (child)-[consent:CONSENTS_TO]->(service)
    WHERE consent.retracted_at IS NULL AND consent.agencies IS NULL
      AND (consent.until IS NULL OR consent.until >= $today)
    RETURN {until: consent.until} ORDER BY consent.until DESC
  }[0] AS consent
  WHERE consent IS NOT NULL
    OR (NOT service.sensitive AND NOT EXISTS { (:Service {code: service.code, sensitive: true}) })
  RETURN collect({key: edge.record, service: service.id, kind: edge.kind,
                  consented: consent IS NOT NULL, consented_until: consent.until,
                  from: edge.from, to: edge.to, to_exact: edge.to_exact}) AS episodes
}
CALL (child) {
  MATCH (worker:Practitioner)-[edge:WORKS_WITH]->(child)
  WHERE edge.source = $source AND edge.retracted_at IS NULL AND edge.parted IS NULL
  MATCH (service:Service {id: edge.service})
  WHERE (NOT service.sensitive AND NOT EXISTS { (:Service {code: service.code, sensitive: true}) }) OR EXISTS {
    MATCH (child)-[consent:CONSENTS_TO]->(service)
    WHERE consent.retracted_at IS NULL AND consent.agencies IS NULL
      AND (consent.until IS NULL OR consent.until >= $today)
  }
  RETURN collect({key: edge.record, practitioner: worker.id, service: service.id, part: edge.part,
                  change_reason: edge.change_reason,
                  from: edge.from, to: edge.to, to_exact: edge.to_exact}) AS allocations
}
RETURN child.id AS child, sealed, episodes, allocations
