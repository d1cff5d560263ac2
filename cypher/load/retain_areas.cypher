// Where a service worked, what it was part of and who took over from it, when that ended longer ago than
// its source keeps it; but not of one that a child's record or a worker's post still needs, nor of one
// that stands in a public register.
// param services: list[str] -- services' ids
// param until: map -- a source's id to the day before which nothing of it is kept
// param silent: list[str] -- feeds that have sent nothing since that day
// returns kind, deleted
UNWIND $services AS id
MATCH (service:Service {id: id})-[edge:IN_AREA|PART_OF|SUCCEEDED_BY]->()
USING INDEX SEEK service:Service(id)
WITH service, type(edge) AS kind, edge.record AS record, collect(edge) AS versions,
  service.code IS NOT NULL OR EXISTS { (service)-[:INVOLVED_WITH]->() }
    OR EXISTS { (service)<-[:WORKS_AT]-() } AS needed
WITH kind, versions, NOT needed AND any(edge IN versions WHERE edge.retracted_at IS NULL AND (
  edge.to < $until[edge.source] OR (edge.to IS NULL AND edge.feed IN $silent))) AS over
UNWIND versions AS edge
WITH kind, edge WHERE over OR date(edge.retracted_at) < $until[edge.source]
DELETE edge
RETURN kind, count(*) AS deleted
