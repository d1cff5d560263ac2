// Who do the sources say that these children are?
// param children: list[str] -- children's ids
// param clearance: list[str] -- filled by the door
// returns child, shielded, sealed
UNWIND $children AS id
MATCH (child:Child {id: id})
RETURN child.id AS child, child.shielded AS shielded,
  [(source:Source)-[known:KNOWN_AS]->(child)
    WHERE 'identity' IN $clearance AND NOT child.shielded AND known.retracted_at IS NULL
    | {sealed: known.sealed, asserted_on: known.asserted_on}] AS sealed
