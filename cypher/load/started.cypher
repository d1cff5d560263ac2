// The source of a load, and the authority for which it sends.
// param source: str -- the source's id
// returns authority
MATCH (:Source {id: $source})-[:SENDS_FOR]->(home:Authority)
RETURN home.number AS authority
