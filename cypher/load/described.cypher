// Who the sources say that these children are, and which pairs they stand in.
// param children: list[str] -- children's ids
// returns child, shielded, marked, known, pairs
UNWIND $children AS id
MATCH (child:Child {id: id})
RETURN child.id AS child, child.shielded AS shielded,
  coalesce(child.marked, child.shielded) AS marked,
  [(source:Source)-[known:KNOWN_AS]->(child) WHERE known.retracted_at IS NULL
   | {sealed: known.sealed, record: known.record, source: source.id}] AS known,
  [(child)-[pair:MAY_BE]-(other:Child) WHERE pair.retracted_at IS NULL
   | {other: other.id, key: pair.key, judgement: pair.judgement, author: pair.author,
      score: pair.score}] AS pairs
