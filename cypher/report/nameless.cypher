// How many access records have no id that is text, and so stand in no strand?
// param clearance: list[str] -- filled by the door
// returns records
MATCH (record:Access)
WHERE $clearance IS NOT NULL AND NOT (record.id IS :: STRING NOT NULL)
RETURN count(record) AS records
