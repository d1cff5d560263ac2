// What a source says of a child goes to another child, because its record now says another number or birth.
// param rows: list[map] -- old, new
// param source: str -- the source's id
// param now: datetime -- when this was recorded
UNWIND $rows AS row
MATCH (old:Child {id: row.old})
MATCH (new:Child {id: row.new})
// Whatever shields the one shields the other until a steward has judged the pair that is made of them.
SET new.shielded = new.shielded OR old.shielded
WITH old, new
CALL (old) {
  MATCH (:Source {id: $source})-[known:KNOWN_AS]->(old)
  WHERE known.retracted_at = $now
  SET known.parted = true
}
CALL (old, new) {
  MATCH (service:Service)-[edge:INVOLVED_WITH]->(old)
  WHERE edge.source = $source AND edge.retracted_at IS NULL
  WITH new, service, edge, properties(edge) AS was
  SET edge.retracted_at = $now, edge.parted = true
  REMOVE edge.key
  CREATE (service)-[moved:INVOLVED_WITH]->(new)
  SET moved = was, moved.recorded_at = $now
}
CALL (old, new) {
  MATCH (worker:Practitioner)-[edge:WORKS_WITH]->(old)
  WHERE edge.source = $source AND edge.retracted_at IS NULL
  WITH new, worker, edge, properties(edge) AS was
  SET edge.retracted_at = $now, edge.parted = true
  REMOVE edge.key
  CREATE (worker)-[moved:WORKS_WITH]->(new)
  SET moved = was, moved.recorded_at = $now
}
CALL (old, new) {
  MATCH (old)-[edge:LIVES_IN]->(area:Authority)
  WHERE edge.source = $source AND edge.retracted_at IS NULL
  WITH new, area, edge, properties(edge) AS was
  SET edge.retracted_at = $now, edge.parted = true
  REMOVE edge.key
  CREATE (new)-[moved:LIVES_IN]->(area)
  SET moved = was, moved.recorded_at = $now
}
CALL (old, new) {
  MATCH (old)-[edge:POINTS_TO]->(area:Authority)
  WHERE edge.source = $source AND edge.retracted_at IS NULL
  WITH new, area, edge, properties(edge) AS was
  SET edge.retracted_at = $now, edge.parted = true
  REMOVE edge.key
  CREATE (new)-[moved:POINTS_TO]->(area)
  SET moved = was, moved.recorded_at = $now
}
CALL (old, new) {
  MATCH (old)-[edge:CONSENTS_TO]->(service:Service)
  WHERE edge.source = $source AND edge.retracted_at IS NULL
  WITH new, service, edge, properties(edge) AS was
  SET edge.retracted_at = $now, edge.parted = true
  REMOVE edge.key
  CREATE (new)-[moved:CONSENTS_TO]->(service)
  SET moved = was, moved.recorded_at = $now
}
