// What the source said of what was reported, or that it was not reached; none where it was answered meanwhile.
// param correction: str -- its id
// param state: str -- righted, stands, or waiting where nobody was reached
// param by: str -- the steward who rang
// param now: datetime -- when
// returns id
MATCH (asked:Correction {id: $correction})
// Held before it is read, or two stewards would write over each other.
SET asked.id = $correction
WITH asked WHERE asked.state = 'waiting'
SET asked.state = $state, asked.rung_by = $by,
  asked.tried_at = CASE $state WHEN 'waiting' THEN $now ELSE asked.tried_at END,
  asked.answered_at = CASE $state WHEN 'waiting' THEN null ELSE $now END
RETURN asked.id AS id
