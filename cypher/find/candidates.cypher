// Which children may be the one who is looked for, and who do the sources say that they are?
// What is not there costs what a hidden child costs: in place of a token that nobody has, the next one is opened,
// and besides those who fit some others are read, so that their number is always one of a few; none of them is
// sought, and whoever asks drops them.
// Tokens are sought in their order: one that is made anew meanwhile goes from an earlier to a later one.
// And, read after that, under which keys the tokens stand.
// param nhs: list[str] -- tokens of the NHS number
// param blocks: list[str] -- tokens of blocks
// param nobodies: list[str] -- ids of no child, as many as those who are read are a multiple of
// param most: int -- a block with more children than this is not opened
// param clearance: list[str] -- filled by the door; empty while nothing is known of the child
// returns keys, found
CALL () {
  CALL () {
    UNWIND $nhs AS token
    CALL (token) {
      MATCH (:Source)-[next:KNOWN_AS]->(:Child)
      USING INDEX SEEK next:KNOWN_AS(nhs_token)
      WHERE next.nhs_token >= token
      RETURN next.nhs_token AS stands ORDER BY stands LIMIT 1
    }
    MATCH (:Source)-[known:KNOWN_AS {nhs_token: stands}]->(child:Child)
    USING INDEX SEEK known:KNOWN_AS(nhs_token)
    WHERE known.retracted_at IS NULL
    RETURN child.id AS child, false AS full, stands = token AS sought
    UNION
    UNWIND $blocks AS token
    CALL (token) {
      MATCH (next:Block)
      USING INDEX SEEK next:Block(token)
      WHERE next.token >= token
      RETURN next AS block ORDER BY next.token LIMIT 1
    }
    WITH block, block.token = token AS sought, COUNT { (block)-[:HOLDS]->() } > $most AS full
    OPTIONAL MATCH (block)-[:HOLDS]->(child) WHERE NOT full
    RETURN child.id AS child, full, sought
  }
  WITH collect(DISTINCT CASE WHEN sought THEN child END) AS fitting,
       true IN collect(sought AND full) AS full
  UNWIND fitting + $nobodies[size(fitting) % size($nobodies)..] AS id
  CALL (id) {
    OPTIONAL MATCH (next:Child)
    USING INDEX SEEK next:Child(id)
    WHERE next.id >= id
    RETURN next AS child ORDER BY next.id LIMIT 1
  }
  WITH child, child.id = id AS sought, full WHERE $clearance IS NOT NULL
  RETURN collect({
    full: full, child: child.id, shielded: child.shielded, sought: sought,
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
