// Which children carry these tokens or records, so that a row can be told from a new child.
// param records: list[str] -- tokens of this source's own records of children
// param nhs: list[str] -- tokens of NHS numbers
// param upn: list[str] -- tokens of UPN with birth date
// returns kind, token, child, mark
CALL () {
  UNWIND $records AS wanted
  MATCH ()-[known:KNOWN_AS {record: wanted}]->(child:Child)
  WHERE known.retracted_at IS NULL
  RETURN 'record' AS kind, wanted AS token, child.id AS child, known.nhs_token AS mark
  UNION
  UNWIND $nhs AS wanted
  MATCH ()-[known:KNOWN_AS {nhs_token: wanted}]->(child:Child)
  WHERE known.retracted_at IS NULL
  RETURN 'nhs' AS kind, wanted AS token, child.id AS child, known.born_token AS mark
  UNION
  UNWIND $upn AS wanted
  MATCH ()-[known:KNOWN_AS {upn_token: wanted}]->(child:Child)
  WHERE known.retracted_at IS NULL
  RETURN 'upn' AS kind, wanted AS token, child.id AS child, known.upn_token AS mark
}
RETURN kind, token, child, mark
