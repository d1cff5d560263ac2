// A viewer asks the broker to connect them with services that are withheld from them.
// param rows: list[map] -- child, service: their ids; said: id, who asked when, for whom, and where to reach them
UNWIND $rows AS row
MATCH (child:Child {id: row.child})
MATCH (service:Service {id: row.service})
CREATE (child)<-[:ABOUT]-(asked:Introduction)-[:SEEKS]->(service)
SET asked = row.said
