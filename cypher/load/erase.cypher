// Children whom no source names any more are deleted, with all that is tied to them: shields, requests to
// the broker and corrections, too.
// Who was hidden because they may be one with such a child is marked in its place, and stays hidden.
// param children: list[str] -- children's ids
UNWIND $children AS id
MATCH (child:Child {id: id})
CALL (child) {
  MATCH (child)-[pair:MAY_BE]-(other:Child)
  WHERE child.shielded AND other.shielded AND pair.retracted_at IS NULL AND pair.judgement <> 'different'
  SET other.marked = true
}
CALL (child) {
  MATCH (child)<-[:SHIELDS|ABOUT]-(asked:Shield|Introduction|Correction)
  DETACH DELETE asked
}
DETACH DELETE child
