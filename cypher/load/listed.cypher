// Areas that an earlier version wrote are listed like those that are written now.
MATCH (service:Service)-[area:IN_AREA]->(authority:Authority)
WHERE area.listed_in IS NULL AND NOT service.sensitive
SET area.listed_in = authority.number
