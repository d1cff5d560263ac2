// How common names are, counted anew and sealed.
// param sealed: str -- the counts, sealed
// param children: int -- among how many children they were counted
// param now: datetime -- when this was recorded
MERGE (kept:Frequencies {id: 'names'})
SET kept.sealed = $sealed, kept.children = $children, kept.recorded_at = $now
