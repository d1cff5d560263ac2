// Who searched by name again and again within an hour, and found nobody or opened nobody?
// A search by an NHS number is none of a name.
// param since: datetime -- only after this instant
// param fewest: int -- so many within one hour
// param authorities: list[str] -- DfE numbers of the users' areas; null for all
// param clearance: list[str] -- filled by the door
// returns user, count, first, last, references
MATCH (record:Access)
WHERE record.at > $since AND $clearance IS NOT NULL
  AND record.question IN ['FindChild', 'ServiceMapOf', 'BoundariesOf', 'ExportMap']
  AND ($authorities IS NULL OR record.user_authority IN $authorities)
WITH record
ORDER BY record.at, record.id
WITH record.user AS user, collect(record) AS records
WITH user, records, COLLECT {
  UNWIND records AS opened
  WITH opened WHERE opened.question <> 'FindChild'
  UNWIND opened.children AS child
  RETURN DISTINCT child
} AS opened
WITH user, [find IN records WHERE find.question = 'FindChild' AND NOT 'nhs_number' IN find.by
  AND none(child IN find.children WHERE child IN opened)] AS finds
WHERE size(finds) >= $fewest
WITH user, [here IN range(0, size(finds) - 1) WHERE any(last IN range(here, here + $fewest - 1)
  WHERE last >= $fewest - 1 AND last < size(finds)
    AND finds[last].at < finds[last - $fewest + 1].at + duration('PT1H')) | finds[here]] AS walked
WHERE size(walked) > 0
RETURN user, size(walked) AS count, walked[0].at AS first, walked[-1].at AS last,
  [find IN walked | find.reference] AS references
ORDER BY user
