// Which pairs of children may be one, or were judged so? Nothing of who they are.
// param judgement: str -- open, same, different or unsure
// param skip: int -- pairs before this page
// param size: int -- pairs in a page
// param clearance: list[str] -- filled by the door
// returns key, score, judgement, author, judged_at, found_at, sources, shielded
MATCH (one:Child)-[pair:MAY_BE {judgement: $judgement}]->(other:Child)
WHERE pair.key IS NOT NULL AND $clearance IS NOT NULL
WITH one, other, pair
ORDER BY pair.score DESC, pair.key
SKIP $skip LIMIT $size
RETURN pair.key AS key, pair.score AS score, pair.judgement AS judgement, pair.author AS author,
  pair.judged_at AS judged_at,
  COLLECT { MATCH (one)-[was:MAY_BE]->(other) RETURN min(was.recorded_at) }[0] AS found_at,
  COLLECT {
    UNWIND [one, other] AS child
    MATCH (source:Source)-[known:KNOWN_AS]->(child)
    WHERE known.retracted_at IS NULL
    RETURN DISTINCT source.name
  } AS sources,
  one.shielded OR other.shielded AS shielded
