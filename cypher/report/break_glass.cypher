// Where was break-glass used, in whose area, and why?
// param since: datetime -- only uses after this instant
// param authorities: list[str] -- DfE numbers of the lead's area and of what came after it
// param all_areas: bool -- whether the viewer sees every area
// param clearance: list[str] -- filled by the door
// returns at, user, emergency, reference, outcome
MATCH (record:Access)
WHERE record.ground = 'break-glass' AND record.at > $since AND $clearance IS NOT NULL
  AND ($all_areas OR record.user_authority IN $authorities)
RETURN record.at AS at, record.user AS user, record.emergency AS emergency,
       record.reference AS reference, record.outcome AS outcome
ORDER BY at DESC
LIMIT 200
