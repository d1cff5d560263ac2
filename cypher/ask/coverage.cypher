// Which sources send for these authorities, and when did each last send?
// param authorities: list[str] -- DfE numbers
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
    CALL (feed) {
      WITH feed WHERE $replay
      MATCH (load:Load)-[:THROUGH]->(feed)
      WHERE load.finished_at <= $known_at
      RETURN max(load.extracted) AS replayed
    }
    RETURN max(CASE WHEN $replay THEN replayed ELSE feed.last_extract END) AS last_extract
  }
  RETURN collect({id: source.id, name: source.name, agency: source.agency,
                  every_days: source.every_days, last_extract: last_extract}) AS sources
}
RETURN authority.number AS authority, authority.name AS name, sources
