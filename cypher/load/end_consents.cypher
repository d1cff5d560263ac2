// While a source says that consent is withdrawn there is none between the two, whoever gave it.
// param now: datetime -- when this was recorded
// param rows: list[map] -- child, service, key
UNWIND $rows AS row
MATCH (child:Child {id: row.child})
MATCH (service:Service {id: row.service})
CALL (row) {
  MATCH (:Child)-[old:CONSENTS_TO {key: row.key}]->(:Service)
  USING INDEX SEEK old:CONSENTS_TO(key)
  SET old.retracted_at = $now
  REMOVE old.key
}
CALL (child, service) {
  MATCH (child)-[old:CONSENTS_TO]->(service)
  WHERE old.retracted_at IS NULL
  SET old.retracted_at = $now
  REMOVE old.key
}
