// How many nodes of each kind and edges of each type there are, and how many properties they have.
// returns kind, things, properties
CALL () {
  MATCH (node)
  RETURN labels(node) AS kind, count(*) AS things, sum(size(keys(node))) AS properties
  UNION ALL
  MATCH ()-[edge]->()
  RETURN [type(edge)] AS kind, count(*) AS things, sum(size(keys(edge))) AS properties
}
RETURN kind, things, properties
