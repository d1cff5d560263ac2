// How common names are, sealed; and how many children there are.
// returns sealed, counted, children
CALL () { MATCH (child:Child) RETURN count(child) AS children }
OPTIONAL MATCH (kept:Frequencies {id: 'names'})
RETURN kept.sealed AS sealed, coalesce(kept.children, 0) AS counted, children
