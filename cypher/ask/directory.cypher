// Which services work in these authorities, and on which telephones? No sensitive one is as much as read, so
// that a directory costs the same with it and without.
// param authorities: list[str] -- DfE numbers
// param agencies: list[str] -- only these, in this order
// param on: date -- working there on this day
// param skip: int -- services before this page
// param size: int -- services in a page
// param clearance: list[str] -- filled by the door
// returns total, services
UNWIND $authorities AS number
MATCH (authority:Authority)<-[area:IN_AREA {listed_in: number}]-(service:Service)
USING INDEX SEEK area:IN_AREA(listed_in)
WHERE $clearance IS NOT NULL AND service.agency IN $agencies
  AND NOT service.sensitive AND NOT EXISTS { (:Service {code: service.code, sensitive: true}) }
  AND area.retracted_at IS NULL
  AND (area.from IS NULL OR area.from <= $on) AND (area.to IS NULL OR area.to >= $on)
WITH service, collect(DISTINCT authority.name) AS areas
ORDER BY [i IN range(0, size($agencies) - 1) WHERE $agencies[i] = service.agency],
  service.duty_line IS NULL AND service.out_of_hours_line IS NULL,
  service.kind <> 'front door', service.name, service.id
WITH collect(service {
  .id, .name, .kind, .agency, .duty_line, .out_of_hours_line, .hours, .confirmed_on, .confirmed_by,
  .doubted_on, .doubted_line,
  areas: areas,
  source: COLLECT { MATCH (says:Source {id: service.source}) RETURN says.name }[0]
}) AS found
RETURN size(found) AS total, found[$skip..$skip + $size] AS services
