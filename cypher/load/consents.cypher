// Consent to show a sensitive service; a withdrawal ends every consent between the two.
// param source: str -- the source's id
// param extracted: date -- date of the extract
// param now: datetime -- when this was recorded
// param rows: list[map] -- child, service, key, given
UNWIND $rows AS row
MATCH (child:Child {id: row.child})
MATCH (service:Service {id: row.service})
CALL (child, service, row) {
  MATCH (child)-[old:CONSENTS_TO]->(service)
  WHERE old.retracted_at IS NULL AND (old.key = row.key OR NOT row.given)
  SET old.retracted_at = $now
  REMOVE old.key
}
CALL (child, service, row) {
  WITH child, service, row
  WHERE row.given
  CREATE (child)-[:CONSENTS_TO {key: row.key, record: row.key, source: $source,
                                asserted_on: $extracted, recorded_at: $now}]->(service)
}
