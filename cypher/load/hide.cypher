// Children whose rejected row would have shielded them are shielded all the same.
// param children: list[str] -- children's ids
UNWIND $children AS id
MATCH (child:Child {id: id})
SET child.marked = true, child.shielded = true
