// Identities sealed with a key that is not the newest, a page at a time.
// param after: str -- the last child's id of the page before; empty for the first
// param key: str -- id of the newest key and a dot
// param size: int -- children in a page
// returns child, sealed
MATCH (child:Child)
WHERE child.id > $after
WITH child ORDER BY child.id LIMIT $size
MATCH (:Source)-[known:KNOWN_AS]->(child)
RETURN child.id AS child,
  collect(CASE WHEN NOT known.sealed STARTS WITH $key
               THEN {edge: elementId(known), sealed: known.sealed} END) AS sealed
