// All that a source said of some children is deleted, in every version: who they are, its edges to them, and
// requests to the broker and corrections that concern its services.
// Edges do not say by which of the source's records of one child they came: all of them go.
// param source: str -- the source's id
// param records: list[str] -- tokens of the source's own records of children
// returns record, children, identities, edges
UNWIND $records AS record
MATCH (:Source {id: $source})-[known:KNOWN_AS {record: record}]->(child:Child)
USING INDEX SEEK known:KNOWN_AS(record)
WITH record, collect(known) AS versions, collect(DISTINCT child) AS named
CALL (named) {
  UNWIND named AS child
  MATCH (child)-[edge:INVOLVED_WITH|WORKS_WITH|LIVES_IN|POINTS_TO|CONSENTS_TO]-()
  WHERE edge.source = $source
  DELETE edge
  RETURN count(*) AS edges
}
CALL (named) {
  UNWIND named AS child
  MATCH (child)<-[:ABOUT]-(asked:Introduction|Correction)-[:SEEKS|CONCERNS]->(service:Service)
  WHERE service.source = $source
  DETACH DELETE asked
}
CALL (versions) {
  UNWIND versions AS known
  DELETE known
}
RETURN record, [child IN named | child.id] AS children, size(versions) AS identities, edges
