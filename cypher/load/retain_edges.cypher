// What ended, or was retracted, longer ago than its source keeps it; and what is open in a feed that has
// said nothing since.
// param children: list[str] -- children's ids
// param until: map -- a source's id to the day before which nothing of it is kept
// param silent: list[str] -- feeds that have sent nothing since that day
// returns child, source, kind, deleted
UNWIND $children AS id
MATCH (child:Child {id: id})-[edge:INVOLVED_WITH|WORKS_WITH|LIVES_IN|POINTS_TO|CONSENTS_TO]-()
USING INDEX SEEK child:Child(id)
WHERE edge.to < $until[edge.source] AND edge.retracted_at IS NULL
   OR edge.to IS NULL AND edge.feed IN $silent AND edge.retracted_at IS NULL
   OR date(edge.retracted_at) < $until[edge.source]
WITH id, edge, edge.source AS source, type(edge) AS kind
DELETE edge
RETURN id AS child, source, kind, count(*) AS deleted
