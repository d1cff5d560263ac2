// What a feed has in force of these edges, whether each is open, and of a later extract.
// param feed: str -- source and kind of file
// param extracted: date -- date of the extract that is being loaded
// returns key, content, open, later
MATCH ()-[edge:IN_AREA]->()
WHERE edge.feed = $feed AND edge.key IS NOT NULL
RETURN edge.key AS key, edge.content AS content,
       edge.to IS NULL OR edge.to > $extracted AS open, edge.asserted_on > $extracted AS later
