// How many pairs are there of each judgement?
// param judgements: list[str] -- open, same, different, unsure
// param clearance: list[str] -- filled by the door
// returns judgement, pairs
UNWIND $judgements AS judgement
WITH judgement WHERE $clearance IS NOT NULL
RETURN judgement, COUNT {
  (:Child)-[pair:MAY_BE {judgement: judgement}]->(:Child) WHERE pair.key IS NOT NULL
} AS pairs
