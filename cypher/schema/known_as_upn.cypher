// A child is found by this keyed token.
CREATE INDEX known_as_upn IF NOT EXISTS FOR ()-[known:KNOWN_AS]-() ON (known.upn_token)
