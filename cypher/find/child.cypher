// Which children carry these tokens?
// param nhs: str -- token of the NHS number; null
// param name: str -- token of family name, given name and birth date; null
// param clearance: list[str] -- filled by the door; empty while nothing is known of the child
// returns child
CALL () {
  MATCH (:Source)-[known:KNOWN_AS {nhs_token: $nhs}]->(child:Child)
  WHERE known.retracted_at IS NULL
  RETURN child
  UNION
  MATCH (:Source)-[known:KNOWN_AS {name_token: $name}]->(child:Child)
  WHERE known.retracted_at IS NULL
  RETURN child
}
WITH child WHERE $clearance IS NOT NULL
RETURN child.id AS child
LIMIT 50
