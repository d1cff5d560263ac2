// A use of break-glass of this user that they have not explained.
// param record: str -- the id of its first access record
// param user: str -- who broke the glass
// returns id
MATCH (record:Access {id: $record})
WHERE record.user = $user AND record.ground = 'break-glass'
  AND NOT EXISTS { MATCH (:Access {explains: record.id}) }
RETURN record.id AS id
