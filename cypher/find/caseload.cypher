// With which children does a service work now, and what became known of each since an instant?
// Nobody who is shielded, or is one with who is. Children who are one by a judgement stand once. Of sensitive
// services nothing, whatever consent there is; but of the service itself.
// param service: str -- the service's id
// param since: datetime -- of that instant: what was recorded after it is new
// param since_day: date -- its day
// param today: date -- on which they work with the child
// param clearance: list[str] -- filled by the door; empty while nothing is known of the children
// returns child, from, known, services, homes, workers
CALL () {
  MATCH (own:Service {id: $service})-[edge:INVOLVED_WITH]->(child:Child)
  WHERE edge.retracted_at IS NULL AND edge.parted IS NULL
    AND (edge.from IS NULL OR edge.from <= $today) AND (edge.to IS NULL OR edge.to >= $today)
  RETURN child, edge.from AS from
  UNION ALL
  MATCH (own:Service {id: $service})<-[:WORKS_AT]-(worker:Practitioner)
  WITH DISTINCT worker
  MATCH (worker)-[work:WORKS_WITH {service: $service}]->(child:Child)
  WHERE work.retracted_at IS NULL AND work.parted IS NULL
    AND (work.from IS NULL OR work.from <= $today) AND (work.to IS NULL OR work.to >= $today)
  RETURN child, work.from AS from
}
WITH child, min(from) AS from
WHERE $clearance IS NOT NULL
MATCH (child) (()-[same:MAY_BE WHERE same.judgement = 'same' AND same.retracted_at IS NULL]-()){0,20}
      (member:Child)
WITH child, from, collect(DISTINCT member) AS members, min(member.id) AS first
WHERE NOT any(one IN members WHERE one.shielded)
WITH first AS id, min(from) AS from, collect(members)[0] AS members
CALL (members) {
  UNWIND members AS child
  CALL (child) {
    MATCH (service:Service)-[edge:INVOLVED_WITH]->(child)
    RETURN service, edge
    UNION ALL
    MATCH (:Practitioner)-[edge:WORKS_WITH]->(child)
    MATCH (service:Service {id: edge.service})
    USING INDEX SEEK service:Service(id)
    RETURN service, edge
  }
  WITH service, collect(edge) AS edges
  WHERE service.id <> $service AND all(one IN edges WHERE one.recorded_at > $since)
    AND NOT service.sensitive AND NOT EXISTS { (:Service {code: service.code, sensitive: true}) }
  WITH service, [one IN edges WHERE one.retracted_at IS NULL AND one.parted IS NULL
                 | one {.from, .to, .to_exact}] AS episodes
  WHERE size(episodes) > 0
  RETURN collect({
    name: service.name,
    episodes: episodes,
    areas: [(service)-[area:IN_AREA]->(authority:Authority) WHERE area.retracted_at IS NULL
            | {number: authority.number, name: authority.name, from: area.from, to: area.to}]
  }) AS services
}
CALL (members) {
  UNWIND members AS child
  MATCH (child)-[home:LIVES_IN]->(area:Authority)
  RETURN collect({number: area.number, name: area.name, from: home.from, to: home.to,
                  to_exact: home.to_exact, new: home.recorded_at > $since,
                  live: home.retracted_at IS NULL AND home.parted IS NULL}) AS homes
}
// Who is named still has left where their post has ended; of who is not, what named them has.
CALL (members) {
  UNWIND members AS child
  MATCH (worker:Practitioner)-[work:WORKS_WITH]->(child)
  WITH members, worker, work.service AS at, collect(work) AS works
  MATCH (service:Service {id: at})
  USING INDEX SEEK service:Service(id)
  WHERE at = $service
    OR (NOT service.sensitive AND NOT EXISTS { (:Service {code: service.code, sensitive: true}) })
  WITH members, worker, service, works, any(one IN works
    WHERE one.retracted_at IS NULL AND one.parted IS NULL AND (one.to IS NULL OR one.to >= $today)) AS named
  WITH members, worker, service, named, CASE
    WHEN named THEN COLLECT { MATCH (worker)-[post:WORKS_AT]->(service) RETURN post }
    ELSE works END AS spans
  WITH members, worker, service, named,
    [one IN spans WHERE one.retracted_at IS NULL AND one.parted IS NULL] AS live,
    [one IN spans WHERE one.recorded_at <= $since AND one.retracted_at > $since
       AND (one.from IS NULL OR one.from <= $since_day) AND (one.to IS NULL OR one.to >= $since_day)] AS known
  WHERE none(one IN live WHERE one.to IS NULL OR one.to >= $today)
  WITH worker, service, named,
    // It became known that a last day was, or one that was known has come.
    [one IN live WHERE one.to < $today AND (one.recorded_at <= $since AND one.to >= $since_day
       OR one.recorded_at > $since AND any(was IN known WHERE was.record = one.record))
       | one {.to, .to_exact}] AS ended,
    // Some sources name the next worker in the same record.
    [was IN known WHERE NOT named AND was.parted IS NULL AND none(one IN live WHERE one.record = was.record)
       AND any(member IN members WHERE EXISTS { (:Practitioner)-[:WORKS_WITH {key: was.record}]->(member) })
       | {to: date(datetime({datetime: was.retracted_at, timezone: 'Europe/London'})), to_exact: false}] AS replaced
  UNWIND ended + replaced AS last
  WITH worker, service, named, last ORDER BY last.to
  WITH worker, service, named, last(collect(last)) AS last
  RETURN collect({name: worker.name, service: service.name, named: named,
                  from: null, to: last.to, to_exact: last.to_exact}) AS workers
}
WITH id, from, services, homes, workers, any(one IN members WHERE EXISTS {
  MATCH (:Service {id: $service})-[edge:INVOLVED_WITH]->(one) WHERE edge.recorded_at <= $since
} OR EXISTS {
  MATCH (one)<-[work:WORKS_WITH {service: $service}]-() WHERE work.recorded_at <= $since
}) AS known
RETURN id AS child, from, known, services, homes, workers
