// Which children carry these tokens, so that a row can be told from a new child.
// param nhs: list[str] -- tokens of NHS numbers
// param upn: list[str] -- tokens of UPN with birth date
// returns kind, token, child
CALL () {
  UNWIND $nhs AS wanted
  MATCH ()-[known:KNOWN_AS {nhs_token: wanted}]->(child:Child)
  WHERE known.retracted_at IS NULL
  RETURN 'nhs' AS kind, wanted AS token, child.id AS child
  UNION
  UNWIND $upn AS wanted
  MATCH ()-[known:KNOWN_AS {upn_token: wanted}]->(child:Child)
  WHERE known.retracted_at IS NULL
  RETURN 'upn' AS kind, wanted AS token, child.id AS child
}
RETURN kind, token, child
