// Consents to show a service whose involvement, by the same record, is gone, or was never.
// param children: list[str] -- children's ids
// param until: map -- a source's id to the day before which nothing of it is kept
// param spent: list[str] -- children of whom an involvement was deleted just now
// returns child, source, kind, deleted
UNWIND $children AS id
MATCH (child:Child {id: id})-[consent:CONSENTS_TO]->()
USING INDEX SEEK child:Child(id)
WHERE (id IN $spent OR consent.asserted_on < $until[consent.source])
  AND NOT EXISTS { (child)<-[:INVOLVED_WITH {record: consent.record}]-() }
WITH id, consent, consent.source AS source
DELETE consent
RETURN id AS child, source, 'CONSENTS_TO' AS kind, count(*) AS deleted
