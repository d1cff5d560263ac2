// A child is shielded because somebody asked for it.
// param child: str -- the child's id
// param shield: map -- id, asked_at, asked_by, reason, reference, review_by
MATCH (child:Child {id: $child})
SET child.shielded = true
CREATE (shield:Shield)-[:SHIELDS]->(child)
SET shield = $shield
