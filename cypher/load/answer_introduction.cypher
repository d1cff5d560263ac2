// What the service that is sought said, or that it was not reached; none where it was answered meanwhile.
// param introduction: str -- its id
// param state: str -- agreed, declined, or waiting where nobody was reached
// param telephone: str -- where they want to be rung, where they agree; null
// param by: str -- the broker who rang
// param now: datetime -- when
// returns id
MATCH (asked:Introduction {id: $introduction})
// Held before it is read, or two brokers would write over each other.
SET asked.id = $introduction
WITH asked WHERE asked.state = 'waiting'
SET asked.state = $state, asked.ring = $telephone, asked.rung_by = $by,
  asked.tried_at = CASE $state WHEN 'waiting' THEN $now ELSE asked.tried_at END,
  asked.answered_at = CASE $state WHEN 'waiting' THEN null ELSE $now END
RETURN asked.id AS id
