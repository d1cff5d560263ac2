// Which shields in force did people ask for? Nothing of whom they hide.
// param clearance: list[str] -- filled by the door
// returns shield
MATCH (shield:Shield)
WHERE $clearance IS NOT NULL AND shield.lifted_at IS NULL AND EXISTS { (shield)-[:SHIELDS]->() }
RETURN shield {.id, .asked_at, .asked_by, .reason, .reference, .review_by, .kept_by, .lift_by,
  over_mark: coalesce(shield.over_mark, false)} AS shield
ORDER BY shield.review_by, shield.id
LIMIT 500
