// What was made of identities that are gone goes too: a birth year, and pairs that are over.
// What a steward judged stays.
// param rows: list[map] -- child, years
UNWIND $rows AS row
MATCH (child:Child {id: row.child})
SET child.birth_year = CASE WHEN child.birth_year IN row.years THEN child.birth_year
                            ELSE head(row.years) END
WITH child
MATCH (child)-[over:MAY_BE]-(:Child)
WHERE over.retracted_at IS NOT NULL AND coalesce(over.author, 'Signpost') = 'Signpost'
DELETE over
