// Schema and built-in authorities are in place.
// param schema: str -- a digest of both
MATCH (keys:Keys {id: 'tokens'})
SET keys.schema = $schema
