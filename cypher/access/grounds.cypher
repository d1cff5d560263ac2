// Why may this viewer know these children?
// param children: list[str] -- children's ids, some of which may not exist
// param service: str -- the service for which the viewer works; null
// param authority: str -- DfE number of the viewer's area; null
// returns child, shielded, own_service, own_area
UNWIND $children AS id
MATCH (child:Child {id: id})
RETURN child.id AS child, child.shielded AS shielded,
  EXISTS {
    MATCH (child)<-[edge:INVOLVED_WITH]-(:Service {id: $service}) WHERE edge.retracted_at IS NULL
  } OR EXISTS {
    MATCH (child)<-[work:WORKS_WITH {service: $service}]-() WHERE work.retracted_at IS NULL
  } AS own_service,
  EXISTS {
    MATCH (child)-[home:LIVES_IN]->(:Authority {number: $authority})
    WHERE home.retracted_at IS NULL
  } OR EXISTS {
    MATCH (child)<-[edge:INVOLVED_WITH]-(:Service)-[area:IN_AREA]->(:Authority {number: $authority})
    WHERE edge.retracted_at IS NULL AND area.retracted_at IS NULL
  } AS own_area
