// What are these services, and in which areas do they work?
// param services: list[str] -- services' ids
// param source: str -- the source's id
// param clearance: list[str] -- filled by the door
// returns service, areas
UNWIND $services AS id
MATCH (service:Service {id: id})
WHERE 'identity' IN $clearance
RETURN service {.*} AS service,
  [(service)-[area:IN_AREA]->(authority:Authority)
   WHERE area.source = $source AND area.retracted_at IS NULL
   | {authority: authority.number, from: area.from, to: area.to, to_exact: area.to_exact}] AS areas
