// Which services' telephones has nobody confirmed lately, or are said to be wrong? These first, then those
// that work with children now.
// param before: date -- confirmed on this day or earlier, or never
// param authorities: list[str] -- DfE numbers; null for all
// param own: list[str] -- only what who works in these areas may confirm: nothing sensitive; null for all
// param on: date -- working on this day
// param most: int -- services in the answer
// param clearance: list[str] -- filled by the door
// returns total, services
MATCH (service:Service)
WHERE $clearance IS NOT NULL
  AND (service.duty_line IS NOT NULL OR service.out_of_hours_line IS NOT NULL)
  AND (service.confirmed_on IS NULL OR service.confirmed_on <= $before OR service.doubted_on IS NOT NULL)
WITH service, [(service)-[area:IN_AREA]->(authority:Authority)
  WHERE area.retracted_at IS NULL
    AND (area.from IS NULL OR area.from <= $on) AND (area.to IS NULL OR area.to >= $on)
  | authority {.number, .name}] AS areas
WHERE size(areas) > 0 AND ($authorities IS NULL OR any(one IN areas WHERE one.number IN $authorities))
  AND ($own IS NULL OR (any(one IN areas WHERE one.number IN $own)
    AND NOT service.sensitive AND NOT EXISTS { (:Service {code: service.code, sensitive: true}) }))
WITH service, areas, EXISTS {
  MATCH (service)-[edge:INVOLVED_WITH]->(child:Child)
  WHERE edge.retracted_at IS NULL AND (edge.to IS NULL OR edge.to >= $on) AND NOT child.shielded
} AS in_use
ORDER BY service.doubted_on IS NULL, in_use DESC, coalesce(service.confirmed_on, date('1900-01-01')), service.name, service.id
WITH collect(service {
  .id, .name, .kind, .agency, .duty_line, .out_of_hours_line, .hours, .confirmed_on, .confirmed_by,
  .doubted_on, .doubted_line,
  areas: [one IN areas | one.name], in_use: in_use,
  source: COLLECT { MATCH (says:Source {id: service.source}) RETURN says.name }[0]
}) AS found
RETURN size(found) AS total, found[..$most] AS services
