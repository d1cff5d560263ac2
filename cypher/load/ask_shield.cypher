// A child is shielded because somebody asked for it, or because it was taken for a shielded one.
// param child: str -- the child's id
// param shield: map -- id, asked_at, asked_by, reason, reference, review_by; lift_by, where somebody would lift it
// param over: bool -- whether it takes the place of what a source marked, so that its lift ends that too
// returns marked
MATCH (child:Child {id: $child})
SET child.marked = coalesce(child.marked, child.shielded), child.shielded = true
WITH child, true IN COLLECT {
  MATCH (child) (()-[same:MAY_BE WHERE same.judgement = 'same' AND same.retracted_at IS NULL]-()){0,20}
        (member:Child)
  RETURN coalesce(member.marked, member.shielded)
} AS marked
CREATE (shield:Shield)-[:SHIELDS]->(child)
SET shield = $shield, shield.over_mark = $over AND marked
RETURN marked
