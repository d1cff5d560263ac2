// Tokens and seals of edges, made anew; nothing else of them changes.
// param rows: list[map] -- edge, said
UNWIND $rows AS row
MATCH ()-[edge]->()
WHERE elementId(edge) = row.edge
SET edge += row.said
