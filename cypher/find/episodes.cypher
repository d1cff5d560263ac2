// Which children does a source tell of, in the order of their ids? Nobody who is shielded, and none
// where the source sends for another authority than the viewer's.
// param source: str -- the source's id
// param authority: str -- DfE number of the viewer's area; null for all
// param after: str -- only children whose id comes after this one; empty for all
// param size: int -- at most so many
// param clearance: list[str] -- filled by the door; empty while nothing is known of the children
// returns child
MATCH (source:Source {id: $source})
WHERE $clearance IS NOT NULL
  AND ($authority IS NULL OR EXISTS { (source)-[:SENDS_FOR]->(:Authority {number: $authority}) })
MATCH (source)-[known:KNOWN_AS]->(child:Child)
WHERE known.retracted_at IS NULL AND child.id > $after AND NOT child.shielded
RETURN DISTINCT child.id AS child
ORDER BY child
LIMIT $size
