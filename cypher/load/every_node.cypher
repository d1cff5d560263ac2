// All nodes there are, to be copied.
// returns node, labels, properties
MATCH (node)
RETURN elementId(node) AS node, labels(node) AS labels, properties(node) AS properties
