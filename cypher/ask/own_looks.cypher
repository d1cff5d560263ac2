// Who are these children, whose maps a viewer opened today? Nothing of who is shielded.
// param children: list[str] -- ids of those whom the viewer may know
// param clearance: list[str] -- filled by the door
// returns child, identities
UNWIND $children AS id
MATCH (start:Child {id: id})
MATCH (start) (()-[same:MAY_BE WHERE same.judgement = 'same' AND same.retracted_at IS NULL]-()){0,20}
      (member:Child)
WITH id, collect(DISTINCT member) AS members
WHERE 'identity' IN $clearance AND NOT any(one IN members WHERE one.shielded)
RETURN id AS child, COLLECT {
  UNWIND members AS one
  MATCH (:Source)-[known:KNOWN_AS]->(one)
  WHERE known.retracted_at IS NULL AND known.parted IS NULL
  RETURN {child: one.id, sealed: known.sealed, asserted_on: known.asserted_on}
} AS identities
