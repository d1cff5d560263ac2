// Reports of something wrong that were made long ago.
// param before: datetime -- those of before go
// returns deleted
MATCH (asked:Correction)
WHERE asked.asked_at < $before
DETACH DELETE asked
RETURN count(*) AS deleted
