// While a source says that consent is withdrawn there is none between the two, whoever gave it.
// param now: datetime -- when this was recorded
// param rows: list[map] -- child, service, key; child and service null where only the key could be read
UNWIND $rows AS row
CALL (row) {
  MATCH (:Child)-[old:CONSENTS_TO {key: row.key}]->(:Service)
  USING INDEX SEEK old:CONSENTS_TO(key)
  SET old.retracted_at = $now
  REMOVE old.key
}
CALL (row) {
  MATCH (child:Child {id: row.child})
  MATCH (service:Service {id: row.service})
  MATCH (child)-[old:CONSENTS_TO]->(service)
  WHERE old.retracted_at IS NULL
  SET old.retracted_at = $now
  REMOVE old.key
}
