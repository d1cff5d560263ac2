// Posts of practitioners that ended longer ago than their source keeps them, where no child's record names
// the practitioner any more: else nobody could tell that they have left.
// param practitioners: list[str] -- practitioners' ids
// param until: map -- a source's id to the day before which nothing of it is kept
// param silent: list[str] -- feeds that have sent nothing since that day
// returns deleted
UNWIND $practitioners AS id
MATCH (worker:Practitioner {id: id})-[post:WORKS_AT]->()
USING INDEX SEEK worker:Practitioner(id)
WITH worker, post.record AS record, collect(post) AS versions, EXISTS { (worker)-[:WORKS_WITH]->() } AS named
WITH versions, NOT named AND any(post IN versions WHERE post.retracted_at IS NULL AND (
  post.to < $until[post.source] OR (post.to IS NULL AND post.feed IN $silent))) AS over
UNWIND versions AS post
WITH post WHERE over OR date(post.retracted_at) < $until[post.source]
DELETE post
RETURN count(*) AS deleted
