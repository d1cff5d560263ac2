// Why may this viewer know these children?
// param children: list[str] -- children's ids, some of which may not exist
// param service: str -- the service for which the viewer works; null
// param authority: str -- DfE number of the viewer's area; null
// returns child, shielded, own_service, own_area
UNWIND $children AS id
MATCH (child:Child {id: id})
RETURN child.id AS child, child.shielded AS shielded,
  EXISTS { (:Service {id: $service})-[:INVOLVED_WITH]->(child) } AS own_service,
  EXISTS { (child)-[:LIVES_IN]->(:Authority {number: $authority}) }
    OR EXISTS { (child)<-[:INVOLVED_WITH]-(:Service)-[:IN_AREA]->(:Authority {number: $authority}) }
    AS own_area
