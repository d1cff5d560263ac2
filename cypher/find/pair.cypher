// Which two children does this pair join, and were they ever one by it? And, read after that, under which keys the tokens stand.
// param pair: list[str] -- the pair's key, under each live key in turn
// param clearance: list[str] -- filled by the door; empty while nothing is known of the child
// returns keys, found
CALL () {
  UNWIND $pair AS key
  MATCH (one:Child)-[pair:MAY_BE {key: key}]->(other:Child)
  USING INDEX SEEK pair:MAY_BE(key)
  WHERE $clearance IS NOT NULL
  RETURN collect({one: one.id, other: other.id, score: pair.score,
    joined: 'same' IN [(one)-[was:MAY_BE]->(other) | was.judgement]}) AS found
}
MATCH (keys:Keys {id: 'tokens'})
RETURN keys {.live, .since} AS keys, found
