// A page of practitioners, in the order of their ids.
// param after: str -- the last practitioner's id of the page before; empty for the first
// param size: int -- practitioners in a page
// returns practitioner
MATCH (worker:Practitioner)
WHERE worker.id > $after
RETURN worker.id AS practitioner
ORDER BY practitioner LIMIT $size
