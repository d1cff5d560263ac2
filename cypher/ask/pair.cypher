// Who do the sources say that the two children of a pair are, and what was judged of it, when?
// param pair: str -- the pair's key
// param clearance: list[str] -- filled by the door
// returns one, other, judgement, score, shielded, history
MATCH (first:Child)-[pair:MAY_BE {key: $pair}]->(second:Child)
WHERE 'identity' IN $clearance
RETURN
  [(source:Source)-[known:KNOWN_AS]->(first) WHERE known.retracted_at IS NULL
   | {child: first.id, source: source.name, sealed: known.sealed, asserted_on: known.asserted_on}] AS one,
  [(source:Source)-[known:KNOWN_AS]->(second) WHERE known.retracted_at IS NULL
   | {child: second.id, source: source.name, sealed: known.sealed, asserted_on: known.asserted_on}] AS other,
  pair.judgement AS judgement, pair.score AS score, first.shielded OR second.shielded AS shielded,
  [(first)-[was:MAY_BE]->(second) | {judgement: was.judgement, author: was.author,
    at: was.recorded_at, until: was.retracted_at}] AS history
