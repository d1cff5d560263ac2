// Requests to the broker that were made long ago.
// param before: datetime -- those of before go
// returns deleted
MATCH (asked:Introduction)
WHERE asked.asked_at < $before
DETACH DELETE asked
RETURN count(*) AS deleted
