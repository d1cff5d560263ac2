// Consent to show a sensitive service, where nothing in the same extract withdraws it.
// param source: str -- the source's id
// param extracted: date -- date of the extract
// param now: datetime -- when this was recorded
// param rows: list[map] -- child, service, key; until: its last day, agencies: whom it is for; null for no such limit
UNWIND $rows AS row
MATCH (child:Child {id: row.child})
MATCH (service:Service {id: row.service})
CALL (row) {
  MATCH (:Child)-[old:CONSENTS_TO {key: row.key}]->(:Service)
  USING INDEX SEEK old:CONSENTS_TO(key)
  SET old.retracted_at = $now
  REMOVE old.key
}
CREATE (child)-[:CONSENTS_TO {key: row.key, record: row.key, source: $source,
                              asserted_on: $extracted, recorded_at: $now,
                              until: row.until, agencies: row.agencies}]->(service)
