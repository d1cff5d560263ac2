// Identities sealed anew; nothing else of them changes.
// param rows: list[map] -- edge, sealed
UNWIND $rows AS row
MATCH ()-[known:KNOWN_AS]->()
WHERE elementId(known) = row.edge
SET known.sealed = row.sealed
