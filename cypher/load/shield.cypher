// Where one of the children who share a token is shielded, all are, until a steward has judged.
// param nhs: list[str] -- tokens of NHS numbers
// param upn: list[str] -- tokens of UPN with birth date
// param name: list[str] -- tokens of names with birth date
CALL () {
  UNWIND $nhs AS wanted
  MATCH ()-[known:KNOWN_AS {nhs_token: wanted}]->(child:Child)
  WHERE known.retracted_at IS NULL
  RETURN wanted, child
  UNION
  UNWIND $upn AS wanted
  MATCH ()-[known:KNOWN_AS {upn_token: wanted}]->(child:Child)
  WHERE known.retracted_at IS NULL
  RETURN wanted, child
  UNION
  UNWIND $name AS wanted
  MATCH ()-[known:KNOWN_AS {name_token: wanted}]->(child:Child)
  WHERE known.retracted_at IS NULL
  RETURN wanted, child
}
WITH wanted, collect(DISTINCT child) AS children
WHERE size(children) > 1 AND any(child IN children WHERE child.shielded)
UNWIND children AS child
SET child.shielded = true
