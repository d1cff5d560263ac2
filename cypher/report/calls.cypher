// How many calls came to what, and how long after the child was found was somebody reached?
// param since: datetime -- calls after this instant
// param clearance: list[str] -- filled by the door
// returns reached, no_answer, wrong_number, seconds
MATCH (record:Access)
WHERE record.at > $since AND record.question = 'NoteCall' AND record.call IS NOT NULL
  AND record.outcome = 'shown' AND $clearance IS NOT NULL
WITH collect({call: record.call, seconds: record.seconds}) AS calls
RETURN size([one IN calls WHERE one.call = 'reached']) AS reached,
  size([one IN calls WHERE one.call = 'no answer']) AS no_answer,
  size([one IN calls WHERE one.call = 'wrong number']) AS wrong_number,
  COLLECT {
    UNWIND calls AS one
    WITH one WHERE one.call = 'reached'
    RETURN toInteger(percentileDisc(one.seconds, 0.5))
  }[0] AS seconds
