// A child is found by this keyed token.
CREATE INDEX known_as_name IF NOT EXISTS FOR ()-[known:KNOWN_AS]-() ON (known.name_token)
