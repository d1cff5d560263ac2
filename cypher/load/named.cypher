// Who the sources say that these children are, and nothing else.
// param children: list[str] -- children's ids
// returns found
UNWIND $children AS id
MATCH (child:Child {id: id})
RETURN collect({
  child: child.id,
  sealed: [()-[known:KNOWN_AS]->(child) WHERE known.retracted_at IS NULL | known.sealed]
}) AS found
