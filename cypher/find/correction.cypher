// Which child is this correction about, while it waits?
// param correction: str -- its id
// param clearance: list[str] -- filled by the door; empty while nothing is known of the child
// returns child
MATCH (asked:Correction {id: $correction})-[:ABOUT]->(child:Child)
WHERE $clearance IS NOT NULL AND asked.state = 'waiting' AND NOT child.shielded
RETURN child.id AS child
