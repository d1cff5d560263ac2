// Children of whom an extract says what was said before: so that who is still sent is not past their time.
// param keys: list[str] -- keys of the versions in force
// param extracted: date -- date of the extract
UNWIND $keys AS key
MATCH ()-[known:KNOWN_AS {key: key}]->()
USING INDEX SEEK known:KNOWN_AS(key)
SET known.said_on = $extracted
