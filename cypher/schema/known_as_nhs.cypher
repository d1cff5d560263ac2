// A child is found by this keyed token.
CREATE INDEX known_as_nhs IF NOT EXISTS FOR ()-[known:KNOWN_AS]-() ON (known.nhs_token)
