// The tokens and seals on the edges of these nodes.
// param children: list[str] -- children's ids
// param practitioners: list[str] -- practitioners' ids
// param services: list[str] -- services' ids
// returns found
CALL () {
  UNWIND $children AS id
  MATCH (node:Child {id: id})-[edge:KNOWN_AS|INVOLVED_WITH|WORKS_WITH|LIVES_IN|POINTS_TO|CONSENTS_TO|MAY_BE]-()
  USING INDEX SEEK node:Child(id)
  RETURN id, edge
  UNION ALL
  UNWIND $practitioners AS id
  MATCH (node:Practitioner {id: id})-[edge:WORKS_AT]->()
  USING INDEX SEEK node:Practitioner(id)
  RETURN id, edge
  UNION ALL
  UNWIND $services AS id
  MATCH (node:Service {id: id})-[edge:IN_AREA|PART_OF|SUCCEEDED_BY]->()
  USING INDEX SEEK node:Service(id)
  RETURN id, edge
}
RETURN collect({id: id, edge: elementId(edge),
                said: edge {.key, .record, .content, .pair, .nhs_token, .upn_token, .sealed}}) AS found
