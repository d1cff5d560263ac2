// A viewer reports that something is wrong on a child's map.
// param child: str -- the child's id
// param service: str -- the service that it concerns; null for none in particular
// param said: map -- id, who reported what when, and for whom
MATCH (child:Child {id: $child})
OPTIONAL MATCH (service:Service {id: $service})
CREATE (child)<-[:ABOUT]-(asked:Correction)
SET asked = $said
FOREACH (one IN CASE WHEN service IS NULL THEN [] ELSE [service] END |
  CREATE (asked)-[:CONCERNS]->(one))
