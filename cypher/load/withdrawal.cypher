// Proof that a source took back what it had said of one child; nothing of whom.
// param source: str -- the source's id
// param feed: str -- source and kind of file
// param now: datetime -- when it was taken back
// param rows: list[map] -- id, identities, edges
UNWIND $rows AS row
CREATE (proof:Withdrawal)
SET proof = row, proof.source = $source, proof.feed = $feed, proof.at = $now
