// Who do the sources say that these children are? Those who are one by a judgement have all names.
// param children: list[str] -- children's ids
// param clearance: list[str] -- filled by the door
// returns child, shielded, sealed
UNWIND $children AS id
MATCH (child:Child {id: id})
MATCH (child) (()-[same:MAY_BE WHERE same.judgement = 'same' AND same.retracted_at IS NULL]-()){0,20}
      (member:Child)
WITH child, collect(DISTINCT member) AS members
RETURN child.id AS child, any(one IN members WHERE one.shielded) AS shielded,
  COLLECT {
    UNWIND members AS one
    MATCH (:Source)-[known:KNOWN_AS]->(one)
    WHERE 'identity' IN $clearance AND NOT any(other IN members WHERE other.shielded)
      AND known.retracted_at IS NULL
    RETURN {child: one.id, sealed: known.sealed, asserted_on: known.asserted_on}
  } AS sealed
