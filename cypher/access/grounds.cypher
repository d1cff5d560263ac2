// Why may this viewer know these children? Those who are one child by a judgement are known together.
// What begins after today is no ground, nor what ended longer ago than its source keeps it.
// Where there is no such child, the next one by id is read in its place, and whoever asked drops it: an id of
// nobody then costs what that of a child costs about whom nothing may be known. Two such ids may share their
// next one, so the answers are kept apart by id.
// param children: list[str] -- children's ids, some of which may not exist
// param service: str -- the service for which the viewer works; null
// param authorities: list[str] -- DfE numbers of the viewer's area and of what came after it
// param today: date -- the day
// returns child, members, shielded, own_service, own_area, agency
UNWIND $children AS id
CALL (id) {
  MATCH (child:Child)
  USING INDEX SEEK child:Child(id)
  WHERE child.id >= id
  RETURN child ORDER BY child.id LIMIT 1
}
MATCH (child) (()-[same:MAY_BE WHERE same.judgement = 'same' AND same.retracted_at IS NULL]-()){0,20}
      (member:Child)
WITH id, child, collect(DISTINCT member) AS members
CALL (members) {
  UNWIND members AS one
  CALL (one) {
    MATCH (one)<-[edge:INVOLVED_WITH]-(:Service {id: $service})
    RETURN null AS area, [edge] AS ties
    UNION ALL
    MATCH (one)<-[work:WORKS_WITH {service: $service}]-(:Practitioner)
    RETURN null AS area, [work] AS ties
    UNION ALL
    MATCH (one)-[home:LIVES_IN]->(area:Authority)
    RETURN area.number AS area, [home] AS ties
    UNION ALL
    MATCH (one)<-[edge:INVOLVED_WITH]-(:Service)-[works:IN_AREA]->(area:Authority)
    RETURN area.number AS area, [edge, works] AS ties
    UNION ALL
    MATCH (one)<-[work:WORKS_WITH]-(:Practitioner)
    MATCH (service:Service {id: work.service})
    USING INDEX SEEK service:Service(id)
    MATCH (service)-[works:IN_AREA]->(area:Authority)
    RETURN area.number AS area, [work, works] AS ties
  }
  WITH area, ties
  WHERE (area IS NULL OR area IN $authorities) AND all(tie IN ties WHERE tie.retracted_at IS NULL
    AND (tie.from IS NULL OR tie.from <= $today)
    AND (tie.to IS NULL OR tie.to >= $today OR NOT EXISTS {
      MATCH (source:Source {id: tie.source})
      WHERE source.keep_years IS NOT NULL AND tie.to < $today - duration({years: source.keep_years})
    }))
  RETURN collect(DISTINCT area IS NULL) AS own
}
RETURN child.id AS child, [one IN members | one.id] AS members,
  any(one IN members WHERE one.shielded) AS shielded,
  true IN own AS own_service, false IN own AS own_area,
  COLLECT { MATCH (works:Service {id: $service}) RETURN works.agency }[0] AS agency
