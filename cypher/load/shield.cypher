// Where one of the children who share a token is shielded, all are, until a steward has judged.
// param children: list[str] -- ids of children who were written or hidden just now
UNWIND $children AS id
MATCH (child:Child {id: id})
CALL (child) {
  MATCH ()-[own:KNOWN_AS]->(child)
  WHERE own.retracted_at IS NULL
  MATCH ()-[known:KNOWN_AS {nhs_token: own.nhs_token}]->(other:Child)
  WHERE known.retracted_at IS NULL
  RETURN other
  UNION
  MATCH ()-[own:KNOWN_AS]->(child)
  WHERE own.retracted_at IS NULL
  MATCH ()-[known:KNOWN_AS {upn_token: own.upn_token}]->(other:Child)
  WHERE known.retracted_at IS NULL
  RETURN other
  UNION
  MATCH ()-[own:KNOWN_AS]->(child)
  WHERE own.retracted_at IS NULL
  MATCH ()-[known:KNOWN_AS {name_token: own.name_token}]->(other:Child)
  WHERE known.retracted_at IS NULL
  RETURN other
}
WITH child, collect(DISTINCT other) AS others
WHERE size(others) > 1 AND any(other IN others WHERE other.shielded)
UNWIND others AS other
SET other.shielded = true
