// Consent to show a sensitive service: a later word of the same record replaces the earlier one.
// param source: str -- the source's id
// param extracted: date -- date of the extract
// param now: datetime -- when this was recorded
// param rows: list[map] -- child, service, key, given
UNWIND $rows AS row
MATCH (child:Child {id: row.child})
MATCH (service:Service {id: row.service})
CALL (row) {
  MATCH ()-[old:CONSENTS_TO {key: row.key}]->()
  SET old.retracted_at = $now
  REMOVE old.key
}
CALL (child, service, row) {
  WITH child, service, row
  WHERE row.given
  CREATE (child)-[:CONSENTS_TO {key: row.key, record: row.key, source: $source,
                                asserted_on: $extracted, recorded_at: $now}]->(service)
}
