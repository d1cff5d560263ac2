// Who the sources say that these children are, and which pairs they stand in.
// param children: list[str] -- children's ids
// returns found
UNWIND $children AS id
MATCH (child:Child {id: id})
// One row for all: a driver takes longer for thousands of rows than for what is in them.
RETURN collect({
  child: child.id, shielded: child.shielded, marked: coalesce(child.marked, child.shielded)
    OR EXISTS { (child)<-[:SHIELDS]-(shield:Shield) WHERE shield.lifted_at IS NULL },
  known: [(source)-[known:KNOWN_AS]->(child) WHERE known.retracted_at IS NULL
   | {sealed: known.sealed, record: known.record, source: source.id}],
  pairs: [(child)-[pair:MAY_BE]-(other) WHERE pair.retracted_at IS NULL
   | {other: other.id, key: pair.key, judgement: pair.judgement, author: pair.author,
      score: pair.score}]
}) AS found
