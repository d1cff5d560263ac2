// Which child is this introduction about, while it waits?
// param introduction: str -- its id
// param clearance: list[str] -- filled by the door; empty while nothing is known of the child
// returns child
MATCH (asked:Introduction {id: $introduction})-[:ABOUT]->(child:Child)
WHERE $clearance IS NOT NULL AND asked.state = 'waiting' AND NOT child.shielded
RETURN child.id AS child
