// Who do the sources say that the two children of a pair are, and what was judged of it, when?
// And, read after that, under which keys the tokens stand.
// param pair: list[str] -- the pair's key, under each live key in turn
// param clearance: list[str] -- filled by the door
// returns keys, found
CALL () {
  UNWIND $pair AS key
  MATCH (first:Child)-[pair:MAY_BE {key: key}]->(second:Child)
  USING INDEX SEEK pair:MAY_BE(key)
  WHERE 'identity' IN $clearance
  RETURN collect({
    one: [(source:Source)-[known:KNOWN_AS]->(first) WHERE known.retracted_at IS NULL
     | {child: first.id, source: source.name, sealed: known.sealed, asserted_on: known.asserted_on}],
    other: [(source:Source)-[known:KNOWN_AS]->(second) WHERE known.retracted_at IS NULL
     | {child: second.id, source: source.name, sealed: known.sealed, asserted_on: known.asserted_on}],
    judgement: pair.judgement, score: pair.score, shielded: first.shielded OR second.shielded,
    history: [(first)-[was:MAY_BE]->(second) | {judgement: was.judgement, author: was.author,
      at: was.recorded_at, until: was.retracted_at}]
  }) AS found
}
MATCH (keys:Keys {id: 'tokens'})
RETURN keys {.live, .since} AS keys, found
