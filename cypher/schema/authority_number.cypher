// A DfE number is one authority's.
CREATE CONSTRAINT authority_number IF NOT EXISTS FOR (node:Authority) REQUIRE node.number IS UNIQUE
