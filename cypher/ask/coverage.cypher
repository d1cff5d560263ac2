// Which sources send of children for these authorities, and when did each last send?
// param authorities: list[str] -- DfE numbers
// param registers: list[str] -- kinds of feed that hold services only, and know no child
// param known_at: datetime -- as it stood at this instant
// param replay: bool -- whether that instant is past
// param clearance: list[str] -- filled by the door
// returns authority, name, sources
UNWIND $authorities AS number
MATCH (authority:Authority {number: number})
CALL (authority) {
  MATCH (source:Source)-[:SENDS_FOR]->(authority)
  WHERE $clearance IS NOT NULL AND source.recorded_at <= $known_at
  CALL (source) {
    OPTIONAL MATCH (feed:Feed)-[:OF]->(source)
    WITH feed, feed IS NOT NULL AND split(feed.id, '/')[1] IN $registers AS register
    CALL (feed, register) {
      WITH feed, register WHERE $replay AND NOT register
      MATCH (load:Load)-[:THROUGH]->(feed)
      WHERE load.finished_at <= $known_at
      RETURN max(load.extracted) AS replayed
    }
    RETURN all(one IN collect(register) WHERE one) AS knows_none,
      max(CASE WHEN register THEN null WHEN $replay THEN replayed ELSE feed.last_extract END) AS last_extract
  }
  WITH source, knows_none, last_extract
  WHERE NOT knows_none
  RETURN collect({id: source.id, name: source.name, agency: source.agency,
                  every_days: source.every_days, last_extract: last_extract}) AS sources
}
RETURN authority.number AS authority, authority.name AS name, sources
