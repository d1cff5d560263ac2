// Which sources send of children for these authorities, which for the whole country, and when did each last send?
// param authorities: list[str] -- DfE numbers
// param registers: list[str] -- kinds of feed that hold services only, and know no child
// param known_at: datetime -- as it stood at this instant
// param replay: bool -- whether that instant is past
// param clearance: list[str] -- filled by the door
// returns authority, name, sources
UNWIND $authorities + [null] AS number
OPTIONAL MATCH (authority:Authority {number: number})
CALL (number, authority) {
  CALL (number, authority) {
    MATCH (source:Source)-[:SENDS_FOR]->(authority)
    RETURN source
    UNION
    WITH number
    WHERE number IS NULL
    MATCH (source:Source {national: true})
    RETURN source
  }
  WITH number, source
  WHERE $clearance IS NOT NULL AND source.recorded_at <= $known_at
  CALL (number, source) {
    OPTIONAL MATCH (feed:Feed)-[:OF]->(source)
    WITH number, feed, feed IS NOT NULL AND split(feed.id, '/')[1] IN $registers AS register
    CALL (feed, register) {
      WITH feed, register WHERE $replay AND NOT register
      MATCH (load:Load)-[:THROUGH]->(feed)
      WHERE load.finished_at <= $known_at
      RETURN max(load.extracted) AS replayed
    }
    // What a national source sends of is not known before it sends: most are registers.
    RETURN all(one IN collect(register OR (feed IS NULL AND number IS NULL)) WHERE one) AS knows_none,
      max(CASE WHEN register THEN null WHEN $replay THEN replayed ELSE feed.last_extract END) AS last_extract
  }
  WITH source, knows_none, last_extract
  WHERE NOT knows_none
  RETURN collect({id: source.id, name: source.name, agency: source.agency,
                  every_days: source.every_days, last_extract: last_extract}) AS sources
}
RETURN authority.number AS authority, authority.name AS name, sources
