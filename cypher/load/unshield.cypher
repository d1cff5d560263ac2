// Whether these children, who may all be one, are shielded: where a source marked one of them, or a shield
// that somebody asked for is in force.
// param children: list[str] -- children's ids
UNWIND $children AS id
MATCH (child:Child {id: id})
WITH collect(child) AS members
WITH members, any(one IN members WHERE coalesce(one.marked, one.shielded) OR EXISTS {
  (one)<-[:SHIELDS]-(shield:Shield) WHERE shield.lifted_at IS NULL
}) AS marked
UNWIND members AS child
SET child.shielded = marked
