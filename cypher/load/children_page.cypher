// A page of children, in the order of their ids, which are random.
// param after: str -- the last child's id of the page before; empty for the first
// param size: int -- children in a page
// returns child
MATCH (child:Child)
WHERE child.id > $after
RETURN child.id AS child
ORDER BY child LIMIT $size
