// Which children carry these numbers or records, so that a row can be told from a new child.
// param records: list[str] -- tokens of this source's own records of children
// param nhs: list[str] -- tokens of NHS numbers
// param upn: list[str] -- tokens of UPN with birth date
// returns kind, token, child
CALL () {
  UNWIND $records AS wanted
  MATCH ()-[known:KNOWN_AS {record: wanted}]->(child:Child)
  USING INDEX SEEK known:KNOWN_AS(record)
  WHERE known.retracted_at IS NULL
  RETURN 'record' AS kind, wanted AS token, child.id AS child
  UNION
  UNWIND $nhs AS wanted
  MATCH ()-[known:KNOWN_AS {nhs_token: wanted}]->(child:Child)
  USING INDEX SEEK known:KNOWN_AS(nhs_token)
  WHERE known.retracted_at IS NULL
  RETURN 'nhs' AS kind, wanted AS token, child.id AS child
  UNION
  UNWIND $upn AS wanted
  MATCH ()-[known:KNOWN_AS {upn_token: wanted}]->(child:Child)
  USING INDEX SEEK known:KNOWN_AS(upn_token)
  WHERE known.retracted_at IS NULL
  RETURN 'upn' AS kind, wanted AS token, child.id AS child
}
RETURN kind, token, child
