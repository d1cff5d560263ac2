// Somebody checked a service's telephones; whatever was said against them is over.
// param service: str -- the service's id
// param today: date -- the day on which they were checked
// param by: str -- id of who checked them
// returns name
MATCH (service:Service {id: $service})
SET service.confirmed_on = $today, service.confirmed_by = $by,
    service.doubted_on = null, service.doubted_line = null
RETURN service.name AS name
