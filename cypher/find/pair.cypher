// Which two children does this pair join?
// param pair: str -- the pair's key
// param clearance: list[str] -- filled by the door; empty while nothing is known of the child
// returns one, other, score
MATCH (one:Child)-[pair:MAY_BE {key: $pair}]->(other:Child)
WHERE $clearance IS NOT NULL
RETURN one.id AS one, other.id AS other, pair.score AS score
