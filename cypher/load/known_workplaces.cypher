// Which of these services and practitioners are there already?
// param services: list[str] -- ids
// param practitioners: list[str] -- ids
// returns id
CALL () {
  UNWIND $services AS wanted
  MATCH (service:Service {id: wanted})
  RETURN service.id AS id
  UNION
  UNWIND $practitioners AS wanted
  MATCH (practitioner:Practitioner {id: wanted})
  RETURN practitioner.id AS id
}
RETURN id
