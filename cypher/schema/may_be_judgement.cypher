// Pairs are listed by what was judged of them; a version that is over has no key and is not here.
CREATE INDEX may_be_judgement IF NOT EXISTS FOR ()-[edge:MAY_BE]-() ON (edge.judgement, edge.key)
