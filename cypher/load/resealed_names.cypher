// How common names are, sealed anew.
// param sealed: str -- the same counts
MATCH (kept:Frequencies {id: 'names'})
SET kept.sealed = $sealed
