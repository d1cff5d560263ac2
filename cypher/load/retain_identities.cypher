// Who a source said that a child is goes with the last that it said of the child, or where it never said
// more, when that is older than it keeps; a version that is over, when it has been for so long.
// param children: list[str] -- children's ids
// param until: map -- a source's id to the day before which nothing of it is kept
// param spent: map -- a child's id to the sources of which an edge to it was deleted just now
// returns child, said, deleted, named
UNWIND $children AS id
MATCH (source:Source)-[known:KNOWN_AS]->(child:Child {id: id})
USING INDEX SEEK child:Child(id)
WITH child, source, collect(known) AS versions, $until[source.id] AS day
WITH child, versions, day,
  NOT EXISTS { (child)-[edge:INVOLVED_WITH|WORKS_WITH|LIVES_IN|POINTS_TO|CONSENTS_TO]-()
               WHERE edge.source = source.id }
  AND (source.id IN $spent[child.id] OR all(known IN versions WHERE coalesce(known.said_on, known.asserted_on) < day)) AS over
UNWIND versions AS known
WITH child, day, known, over, known.retracted_at IS NULL AS said
WHERE over OR date(known.retracted_at) < day
DELETE known
WITH child, sum(CASE WHEN said THEN 1 ELSE 0 END) AS said, count(*) AS deleted
RETURN child.id AS child, said, deleted, EXISTS { (:Source)-[:KNOWN_AS]->(child) } AS named
