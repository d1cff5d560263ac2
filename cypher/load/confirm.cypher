// Somebody checked a service's telephones; whatever was said against them is over.
// A sensitive one is there for who may confirm everywhere only.
// param service: str -- the service's id
// param authorities: list[str] -- DfE numbers of the areas in which one may; null for all
// param today: date -- the day on which they were checked
// param by: str -- id of who checked them
// returns name
MATCH (service:Service {id: $service})
WHERE $authorities IS NULL OR (
  NOT service.sensitive AND NOT EXISTS { (:Service {code: service.code, sensitive: true}) }
  AND EXISTS {
    MATCH (service)-[area:IN_AREA]->(authority:Authority)
    WHERE authority.number IN $authorities AND area.retracted_at IS NULL
      AND (area.from IS NULL OR area.from <= $today) AND (area.to IS NULL OR area.to >= $today)
  })
SET service.confirmed_on = $today, service.confirmed_by = $by,
    service.doubted_on = null, service.doubted_line = null
RETURN service.name AS name
