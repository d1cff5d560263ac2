// Who are these practitioners, and where do they work? Nothing of a sensitive service for which nobody
// who may be shown has given consent.
// param practitioners: list[str] -- practitioners' ids
// param source: str -- the source's id
// param today: date -- on which consent must hold
// param clearance: list[str] -- filled by the door
// returns practitioner, posts
UNWIND $practitioners AS id
MATCH (worker:Practitioner {id: id})
WHERE 'identity' IN $clearance
CALL (worker) {
  MATCH (worker)-[post:WORKS_AT]->(service:Service)
  WHERE post.source = $source AND post.retracted_at IS NULL
    AND ((NOT service.sensitive AND NOT EXISTS { (:Service {code: service.code, sensitive: true}) }) OR EXISTS {
      MATCH (child:Child)-[consent:CONSENTS_TO]->(service)
      WHERE consent.retracted_at IS NULL AND NOT child.shielded AND consent.agencies IS NULL
        AND (consent.until IS NULL OR consent.until >= $today)
    })
  RETURN collect({service: service.id, from: post.from, to: post.to, to_exact: post.to_exact}) AS posts
}
RETURN worker {.*} AS practitioner, posts
