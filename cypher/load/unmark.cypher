// That a source marked these children is over; a new or changed row of a source marks them again.
// param children: list[str] -- ids of children who are one by a judgement
UNWIND $children AS id
MATCH (child:Child {id: id})
SET child.marked = false
