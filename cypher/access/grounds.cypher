// Why may this viewer know these children? Those who are one child by a judgement are known together.
// param children: list[str] -- children's ids, some of which may not exist
// param service: str -- the service for which the viewer works; null
// param authorities: list[str] -- DfE numbers of the viewer's area and of what came after it
// returns child, members, shielded, own_service, own_area, agency
UNWIND $children AS id
MATCH (child:Child {id: id})
MATCH (child) (()-[same:MAY_BE WHERE same.judgement = 'same' AND same.retracted_at IS NULL]-()){0,20}
      (member:Child)
WITH child, collect(DISTINCT member) AS members
RETURN child.id AS child, [one IN members | one.id] AS members,
  any(one IN members WHERE one.shielded) AS shielded,
  any(one IN members WHERE EXISTS {
    MATCH (one)<-[edge:INVOLVED_WITH]-(:Service {id: $service}) WHERE edge.retracted_at IS NULL
  } OR EXISTS {
    MATCH (one)<-[work:WORKS_WITH {service: $service}]-() WHERE work.retracted_at IS NULL
  }) AS own_service,
  any(one IN members WHERE EXISTS {
    MATCH (one)-[home:LIVES_IN]->(area:Authority)
    WHERE area.number IN $authorities AND home.retracted_at IS NULL
  } OR EXISTS {
    MATCH (one)<-[edge:INVOLVED_WITH]-(:Service)-[works:IN_AREA]->(area:Authority)
    WHERE area.number IN $authorities AND edge.retracted_at IS NULL AND works.retracted_at IS NULL
  }) AS own_area,
  COLLECT { MATCH (own:Service {id: $service}) RETURN own.agency }[0] AS agency
