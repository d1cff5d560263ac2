// A page of services, in the order of their ids.
// param after: str -- the last service's id of the page before; empty for the first
// param size: int -- services in a page
// returns service
MATCH (service:Service)
WHERE service.id > $after
RETURN service.id AS service
ORDER BY service LIMIT $size
