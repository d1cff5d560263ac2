// Pairs that are over for longer than any source keeps.
// param children: list[str] -- children's ids
// param day: date -- the day before which nothing is kept
// returns deleted
UNWIND $children AS id
MATCH (child:Child {id: id})-[over:MAY_BE]->()
USING INDEX SEEK child:Child(id)
WHERE date(over.retracted_at) < $day
DELETE over
RETURN count(*) AS deleted
