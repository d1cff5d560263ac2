// Services, as their source describes them now; what was sensitive, or was confirmed later, stays so.
// Another feed of the source adds to what the feed with the telephones said, and takes nothing away.
// param feed: str -- source and kind of file
// param rows: list[map] -- id, node
UNWIND $rows AS row
MERGE (service:Service {id: row.id})
WITH service, row.node AS node, coalesce(service.sensitive, false) AS was,
  coalesce(service.feed, $feed) = $feed AS own
WITH service, node, was, own,
  CASE WHEN own THEN node.duty_line ELSE coalesce(node.duty_line, service.duty_line) END AS duty,
  CASE WHEN own THEN node.out_of_hours_line
       ELSE coalesce(node.out_of_hours_line, service.out_of_hours_line) END AS out
// A telephone that is another one now was not the one that somebody confirmed.
WITH service, node, was, own,
  CASE WHEN coalesce(service.duty_line, '') = coalesce(duty, '')
        AND coalesce(service.out_of_hours_line, '') = coalesce(out, '')
        AND service.confirmed_on >= coalesce(node.confirmed_on, service.confirmed_on)
       THEN service {.confirmed_on, .confirmed_by}
       ELSE node {.confirmed_on, .confirmed_by} END AS confirmed,
  CASE WHEN coalesce(service.duty_line, '') = coalesce(duty, '')
        AND coalesce(service.out_of_hours_line, '') = coalesce(out, '')
       THEN service {.doubted_on, .doubted_line} ELSE {} END AS doubted,
  CASE WHEN service.feed IS NULL OR duty = node.duty_line OR out = node.out_of_hours_line THEN $feed
       ELSE service.feed END AS feed
SET service = CASE WHEN own THEN node ELSE properties(service) END
SET service += node, service.sensitive = was OR node.sensitive, service.feed = feed,
    service.confirmed_on = confirmed.confirmed_on, service.confirmed_by = confirmed.confirmed_by,
    service.doubted_on = doubted.doubted_on, service.doubted_line = doubted.doubted_line
// What is sensitive from now on is read with no area any more.
WITH service WHERE service.sensitive
MATCH (service)-[area:IN_AREA]->()
REMOVE area.listed_in
