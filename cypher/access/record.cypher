// What was asked, by whom, of whom, on which ground, and what was shown.
// param record: map -- the access record
CREATE (record:Access)
SET record = $record
