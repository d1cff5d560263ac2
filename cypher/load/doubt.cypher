// Somebody rang a service and reached somebody else; until its telephones are confirmed, or are others.
// param service: str -- the service's id
// param line: str -- which of its telephones
// param today: date -- the day
MATCH (service:Service {id: $service})
SET service.doubted_on = $today, service.doubted_line = $line
