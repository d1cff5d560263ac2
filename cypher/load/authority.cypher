// The authorities that are built in, their former names and codes, and who succeeded whom.
// param rows: list[map] -- number, name, region, gss, names, from, to, succeeded_by
UNWIND $rows AS row
MERGE (authority:Authority {number: row.number})
SET authority.name = row.name, authority.region = row.region, authority.gss = row.gss,
    authority.names = row.names, authority.from = row.from, authority.to = row.to
WITH authority, row
UNWIND row.succeeded_by AS number
MERGE (next:Authority {number: number})
MERGE (authority)-[:SUCCEEDED_BY]->(next)
