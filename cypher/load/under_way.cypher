// How many loads have begun, have not finished, and showed that they go on after an instant?
// Whoever asks holds them until the end of the transaction.
// param since: datetime -- that instant
// returns loads
MATCH (load:Load)
WHERE load.finished_at IS NULL AND load.seen_at > $since
SET load.seen_at = load.seen_at
RETURN count(load) AS loads
