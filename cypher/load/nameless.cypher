// Of these children, those of whom no source says any more who they are; the tokens under which all of
// them stand, and who may be one with those whom nobody names.
// param children: list[str] -- children's ids
// returns child, named, tokens, near
UNWIND $children AS id
MATCH (child:Child {id: id})
RETURN child.id AS child, EXISTS { (:Source)-[:KNOWN_AS]->(child) } AS named,
  [(block:Block)-[:HOLDS]->(child) | block.token] AS tokens,
  [(child)-[pair:MAY_BE]-(other:Child) WHERE pair.retracted_at IS NULL | other.id] AS near
