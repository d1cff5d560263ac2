// What was reported as wrong and waits to be put right? Nothing of which child, nor of which service.
// param clearance: list[str] -- filled by the door
// returns id, asked_at, by, service, reference, mistake, tried_at
MATCH (asked:Correction)-[:ABOUT]->(child:Child)
WHERE $clearance IS NOT NULL AND asked.state = 'waiting' AND NOT child.shielded
OPTIONAL MATCH (own:Service {id: asked.for_service})
WITH asked, own, coalesce(own.sensitive, false)
  OR EXISTS { (:Service {code: own.code, sensitive: true}) } AS hidden
RETURN asked.id AS id, asked.asked_at AS asked_at,
  CASE WHEN NOT hidden THEN asked.asked_by END AS by, CASE WHEN NOT hidden THEN own.name END AS service,
  asked.reference AS reference, asked.mistake AS mistake, asked.tried_at AS tried_at
ORDER BY asked.asked_at, asked.id
LIMIT 500
