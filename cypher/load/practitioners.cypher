// Practitioners, as their source describes them now.
// Another feed of the source adds to what the feed with the telephone said, and takes nothing away.
// param feed: str -- source and kind of file
// param rows: list[map] -- id, node
UNWIND $rows AS row
MERGE (practitioner:Practitioner {id: row.id})
WITH practitioner, row.node AS node, properties(practitioner) AS was
WITH practitioner, node, was,
  coalesce(was.work_phone, was.work_email) IS NOT NULL AS reached,
  coalesce(node.work_phone, node.work_email) IS NOT NULL AS reaches
WITH practitioner, node, was, coalesce(was.feed, $feed) = $feed OR reaches AND NOT reached AS own
SET practitioner = node
SET practitioner += CASE WHEN own THEN {feed: $feed} ELSE was END
