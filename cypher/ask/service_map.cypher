// Which services and practitioners are or were involved with this child, and where has it lived?
// Children who are one by a judgement are one here; at a past instant, those who were so already then.
// param child: str -- the child's id
// param on: date -- only what was open on this day; null for all
// param known_at: datetime -- as the graph stood at this instant
// param replay: bool -- whether that instant is past
// param today: date -- on which consent must hold
// param clearance: list[str] -- filled by the door
// returns identities, homes, pointers, services
MATCH (start:Child {id: $child})
WHERE NOT start.shielded
MATCH (start) (()-[same:MAY_BE WHERE same.judgement = 'same' AND same.retracted_at IS NULL]-()){0,20}
      (now:Child)
WITH start, collect(DISTINCT now) AS today
WHERE NOT any(one IN today WHERE one.shielded)
MATCH (start) (()-[was:MAY_BE WHERE was.judgement = 'same' AND was.recorded_at <= $known_at
        AND (was.retracted_at IS NULL OR was.retracted_at > $known_at)]-()){0,20} (then:Child)
WHERE then IN today
WITH start, collect(DISTINCT then) AS members
CALL (members) {
  UNWIND members AS child
  MATCH (:Source)-[known:KNOWN_AS]->(child)
  WHERE 'identity' IN $clearance AND known.recorded_at <= $known_at AND known.parted IS NULL
    AND (known.retracted_at IS NULL OR known.retracted_at > $known_at)
  RETURN collect({child: child.id, sealed: known.sealed, asserted_on: known.asserted_on}) AS identities
}
CALL (members) {
  UNWIND members AS child
  MATCH (child)-[home:LIVES_IN]->(area:Authority)
  WHERE home.recorded_at <= $known_at AND home.parted IS NULL
    AND (home.retracted_at IS NULL OR home.retracted_at > $known_at)
  RETURN collect({number: area.number, name: area.name, from: home.from, to: home.to,
                  to_exact: home.to_exact}) AS homes
}
CALL (members) {
  UNWIND members AS child
  MATCH (child)-[pointer:POINTS_TO]->(area:Authority)
  WHERE pointer.recorded_at <= $known_at AND pointer.parted IS NULL
    AND (pointer.retracted_at IS NULL OR pointer.retracted_at > $known_at)
    AND ($on IS NULL OR ((pointer.from IS NULL OR pointer.from <= $on)
                         AND (pointer.to IS NULL OR pointer.to >= $on)))
  MATCH (:Source {id: pointer.source})-[:SENDS_FOR]->(said:Authority)
  RETURN collect({number: area.number, name: area.name, kind: pointer.kind, from: pointer.from,
                  to: pointer.to, to_exact: pointer.to_exact, said: said.name}) AS pointers
}
CALL (members) {
  UNWIND members AS child
  CALL (child) {
    MATCH (service:Service)-[:INVOLVED_WITH]->(child)
    RETURN service
    UNION
    MATCH (:Practitioner)-[work:WORKS_WITH]->(child)
    MATCH (service:Service {id: work.service})
    RETURN service
  }
  WITH members, child, service,
    (NOT service.sensitive AND NOT EXISTS { (:Service {code: service.code, sensitive: true}) })
      OR 'service:' + service.id IN $clearance OR any(one IN members WHERE EXISTS {
      MATCH (one)-[consent:CONSENTS_TO]->(service)
      WHERE consent.retracted_at IS NULL AND (consent.until IS NULL OR consent.until >= $today)
        AND (consent.agencies IS NULL OR any(for IN consent.agencies WHERE 'agency:' + for IN $clearance))
    }) AS clear
  CALL (child, service) {
    MATCH (service)-[edge:INVOLVED_WITH]->(child)
    WHERE edge.recorded_at <= $known_at AND edge.parted IS NULL
      AND (edge.retracted_at IS NULL OR edge.retracted_at > $known_at)
      AND ($on IS NULL OR ((edge.from IS NULL OR edge.from <= $on)
                           AND (edge.to IS NULL OR edge.to >= $on)))
    MATCH (feed:Feed {id: edge.feed})-[:OF]->(source:Source)
    CALL (feed) {
      WITH feed WHERE $replay
      MATCH (load:Load)-[:THROUGH]->(feed)
      WHERE load.confirms AND load.finished_at <= $known_at
      RETURN max(load.extracted) AS replayed
    }
    RETURN collect({record: edge.record, from: edge.from, to: edge.to, to_exact: edge.to_exact, kind: edge.kind,
      source: source.name, asserted_on: edge.asserted_on,
      confirmed_on: CASE WHEN $replay THEN replayed ELSE feed.last_full END,
      recorded_at: edge.recorded_at, retracted_at: edge.retracted_at}) AS episodes
  }
  CALL (child, service) {
    MATCH (worker:Practitioner)-[work:WORKS_WITH {service: service.id}]->(child)
    WHERE work.recorded_at <= $known_at AND work.parted IS NULL
      AND (work.retracted_at IS NULL OR work.retracted_at > $known_at)
      AND ($on IS NULL OR ((work.from IS NULL OR work.from <= $on)
                           AND (work.to IS NULL OR work.to >= $on)))
    RETURN collect({practitioner: worker {.id, .name, .profession, .registration, .work_phone,
                                          .work_email, .confirmed_on},
      record: work.record, part: work.part, from: work.from, to: work.to, to_exact: work.to_exact,
      asserted_on: work.asserted_on, recorded_at: work.recorded_at,
      retracted_at: work.retracted_at,
      source: work.source,
      posts: [(worker)-[post:WORKS_AT]->(service) WHERE post.recorded_at <= $known_at
                AND (post.retracted_at IS NULL OR post.retracted_at > $known_at)
              | {from: post.from, to: post.to}]}) AS workers
  }
  CALL (service, clear) {
    MATCH (one:Service {code: service.code})
    WHERE clear AND one <> service AND NOT one.sensitive AND EXISTS {
      MATCH (register:Source {id: one.source}) WHERE NOT (register)-[:SENDS_FOR]->()
    }
    RETURN collect(one) AS listed
  }
  RETURN collect({
    service: CASE WHEN clear THEN service {.id, .name, .kind, .agency, .sensitive, .duty_line,
                                           .out_of_hours_line, .hours, .confirmed_on, .confirmed_by,
                                           .code} END,
    doubted: CASE WHEN clear THEN {on: service.doubted_on, line: service.doubted_line} END,
    listed: [one IN listed | one {.duty_line, .out_of_hours_line, .hours, .confirmed_on, .confirmed_by}],
    successors: COLLECT {
      UNWIND CASE WHEN clear THEN [service] + listed ELSE [] END AS one
      MATCH (one)-[took:SUCCEEDED_BY WHERE took.key IS NOT NULL]->(next:Service)
      WHERE NOT next.sensitive AND NOT EXISTS { (:Service {code: next.code, sensitive: true}) }
      RETURN DISTINCT {name: next.name, duty_line: next.duty_line, from: took.from}
    },
    areas: COLLECT {
      UNWIND [service] + listed AS one
      MATCH (one)-[area:IN_AREA]->(authority:Authority)
      WHERE area.recorded_at <= $known_at
        AND (area.retracted_at IS NULL OR area.retracted_at > $known_at)
      RETURN {number: authority.number, name: authority.name, from: area.from, to: area.to}
    },
    // Where it is known by who is named alone, it is an involvement without them.
    episodes: CASE WHEN clear THEN episodes
                   ELSE [episode IN episodes + [work IN workers WHERE none(one IN episodes
                       WHERE (one.from IS NULL OR work.to IS NULL OR one.from <= work.to)
                         AND (one.to IS NULL OR work.from IS NULL OR one.to >= work.from))]
                     | episode {.record, .from, .to, .to_exact, source: null,
                       asserted_on: date.truncate('month', episode.asserted_on),
                       recorded_at: datetime.truncate('month', episode.recorded_at)}] END,
    workers: CASE WHEN clear THEN workers ELSE [] END}) AS services
}
RETURN identities, homes, pointers, services
