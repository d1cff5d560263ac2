// Whether these children, who may all be one, are shielded: where a source or a steward marked one of them.
// param children: list[str] -- children's ids
UNWIND $children AS id
MATCH (child:Child {id: id})
WITH collect(child) AS members
WITH members, any(one IN members WHERE coalesce(one.marked, one.shielded)) AS marked
UNWIND members AS child
SET child.shielded = marked
