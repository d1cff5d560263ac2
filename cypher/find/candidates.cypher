// Which children may be the one who is looked for, and who do the sources say that they are?
// Tokens are sought in their order: one that is made anew meanwhile goes from an earlier to a later one.
// And, read after that, under which keys the tokens stand.
// param nhs: list[str] -- tokens of the NHS number
// param blocks: list[str] -- tokens of blocks
// param most: int -- a block with more children than this is not opened
// param clearance: list[str] -- filled by the door; empty while nothing is known of the child
// returns keys, found
CALL () {
  CALL () {
    UNWIND $nhs AS token
    MATCH (:Source)-[known:KNOWN_AS {nhs_token: token}]->(child:Child)
    USING INDEX SEEK known:KNOWN_AS(nhs_token)
    WHERE known.retracted_at IS NULL
    RETURN child, false AS full
    UNION
    UNWIND $blocks AS token
    MATCH (block:Block {token: token})
    USING INDEX SEEK block:Block(token)
    WITH block, COUNT { (block)-[:HOLDS]->() } > $most AS full
    OPTIONAL MATCH (block)-[:HOLDS]->(child) WHERE NOT full
    RETURN child, full
  }
  WITH child, full WHERE $clearance IS NOT NULL
  RETURN collect({
    child: child.id, shielded: child.shielded, full: full,
    members: COLLECT {
      MATCH (child) (()-[same:MAY_BE WHERE same.judgement = 'same' AND same.retracted_at IS NULL]-()){1,20}
            (member:Child)
      RETURN DISTINCT member.id
    },
    sealed: [(:Source)-[known:KNOWN_AS]->(child) WHERE known.retracted_at IS NULL | known.sealed]
  }) AS found
}
MATCH (keys:Keys {id: 'tokens'})
RETURN keys {.live, .since} AS keys, found
