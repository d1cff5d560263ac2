// Which sources are there, what did each feed send load by load, and what began and did not finish?
// param authorities: list[str] -- DfE numbers; beside those that send for the whole country; null for all sources
// param agency: str -- one of the seven; null for all
// param most: int -- loads of each feed, the latest first
// param clearance: list[str] -- filled by the door
// returns id, name, agency, basis, keep_years, every_days, recorded_at, authority, feeds
MATCH (source:Source)
WHERE $clearance IS NOT NULL AND ($agency IS NULL OR source.agency = $agency)
OPTIONAL MATCH (source)-[:SENDS_FOR]->(authority:Authority)
WITH source, authority
WHERE $authorities IS NULL OR authority.number IN $authorities OR source.national
CALL (source) {
  MATCH (feed:Feed)-[:OF]->(source)
  CALL (feed) {
    MATCH (load:Load)-[:THROUGH]->(feed)
    WITH load
    ORDER BY load.began_at DESC
    LIMIT $most
    WITH collect(load) AS loads, collect(DISTINCT load.unread) AS unread
    RETURN [load IN loads | load {
      .*, unread: [at IN range(0, size(unread) - 1) WHERE unread[at] = load.unread][0]
    }] AS loads, unread
  }
  RETURN collect({
    id: feed.id, last_extract: feed.last_extract, loads: loads, unread: unread
  }) AS feeds
}
RETURN source.id AS id, source.name AS name, source.agency AS agency, source.basis AS basis,
  source.keep_years AS keep_years, source.every_days AS every_days, source.recorded_at AS recorded_at,
  authority {.number, .name} AS authority, feeds
