// Which child does this shield hide?
// param shield: str -- the shield's id
// param clearance: list[str] -- filled by the door; empty while nothing is known of the child
// returns child
MATCH (shield:Shield {id: $shield})-[:SHIELDS]->(child:Child)
WHERE $clearance IS NOT NULL AND shield.lifted_at IS NULL
RETURN child.id AS child
