// How many access records have no id that can be one, and so stand in no strand?
// param last: str -- no id comes after it
// param clearance: list[str] -- filled by the door
// returns records
MATCH (record:Access)
WHERE $clearance IS NOT NULL AND NOT (record.id IS :: STRING NOT NULL AND record.id < $last)
RETURN count(record) AS records
