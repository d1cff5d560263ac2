// Old versions of what ended longer ago than its source keeps it, also with a child that the record has left.
// param children: list[str] -- children's ids
// param until: map -- a source's id to the day before which nothing of it is kept
// param silent: list[str] -- feeds that have sent nothing since that day
// returns kind, deleted
UNWIND $children AS id
MATCH (child:Child {id: id})-[old:INVOLVED_WITH|WORKS_WITH|LIVES_IN|POINTS_TO|CONSENTS_TO]-()
USING INDEX SEEK child:Child(id)
WHERE old.retracted_at IS NOT NULL
CALL (old) {
  MATCH ()-[live:INVOLVED_WITH {key: old.record}]->()
  USING INDEX SEEK live:INVOLVED_WITH(key)
  RETURN live
  UNION
  MATCH ()-[live:WORKS_WITH {key: old.record}]->()
  USING INDEX SEEK live:WORKS_WITH(key)
  RETURN live
  UNION
  MATCH ()-[live:LIVES_IN {key: old.record}]->()
  USING INDEX SEEK live:LIVES_IN(key)
  RETURN live
  UNION
  MATCH ()-[live:POINTS_TO {key: old.record}]->()
  USING INDEX SEEK live:POINTS_TO(key)
  RETURN live
}
WITH DISTINCT old, live
WHERE live.to < $until[live.source] OR (live.to IS NULL AND live.feed IN $silent)
WITH DISTINCT old, type(old) AS kind
DELETE old
RETURN kind, count(*) AS deleted
