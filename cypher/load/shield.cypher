// Where one of two who may be one child is shielded, both are, until a steward has judged.
// param children: list[str] -- children's ids
// returns child
UNWIND $children AS id
MATCH (child:Child {id: id})-[pair:MAY_BE]-(other)
USING INDEX SEEK child:Child(id)
WHERE pair.retracted_at IS NULL AND pair.judgement <> 'different' AND child.shielded <> other.shielded
WITH DISTINCT CASE WHEN child.shielded THEN other ELSE child END AS hidden
SET hidden.shielded = true
RETURN hidden.id AS child
