// How common names are, counted anew and sealed.
// param sealed: str -- the counts, sealed
// param now: datetime -- when this was recorded
CALL () { MATCH (child:Child) RETURN count(child) AS children }
MERGE (kept:Frequencies {id: 'names'})
SET kept.sealed = $sealed, kept.children = children, kept.recorded_at = $now
