// A viewer asks the broker to connect them with services that are withheld from them.
// param child: str -- the child's id
// param rows: list[map] -- service: its id; said: id, who asked when, for whom, and where to reach them
UNWIND $rows AS row
MATCH (child:Child {id: $child})
MATCH (service:Service {id: row.service})
CREATE (child)<-[:ABOUT]-(asked:Introduction)-[:SEEKS]->(service)
SET asked = row.said
