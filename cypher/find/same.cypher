// Which of these children are one child by a judgement, and by which id do all of it go?
// param children: list[str] -- children's ids
// param clearance: list[str] -- filled by the door; empty while nothing is known of the child
// returns child, head
UNWIND $children AS id
MATCH (child:Child {id: id})
WHERE $clearance IS NOT NULL
MATCH (child) (()-[same:MAY_BE WHERE same.judgement = 'same' AND same.retracted_at IS NULL]-()){0,20}
      (member:Child)
WITH child, collect(DISTINCT member.id) AS members
UNWIND members AS member
RETURN child.id AS child, min(member) AS head
