// A shield is kept until another review, or lifted where another steward asked for that before.
// param shield: str -- the shield's id
// param lift: bool -- whether this steward would lift it
// param by: str -- the steward
// param now: datetime -- the time
// param review_by: date -- the next review, where it is kept
// returns lift_by, first, lifted, over_mark
MATCH (shield:Shield {id: $shield})
WITH shield, shield.lift_by AS lift_by
SET shield.kept_by = CASE WHEN $lift THEN shield.kept_by ELSE $by END,
    shield.review_by = CASE WHEN $lift THEN shield.review_by ELSE $review_by END,
    shield.lift_by = CASE WHEN $lift THEN coalesce(lift_by, $by) END,
    shield.lifted_by = CASE WHEN $lift AND lift_by <> $by THEN $by END,
    shield.lifted_at = CASE WHEN $lift AND lift_by <> $by THEN $now END
RETURN lift_by, lift_by IS NULL AS first, shield.lifted_at IS NOT NULL AS lifted,
  coalesce(shield.over_mark, false) AS over_mark
