// Who opened far more children than those of the same role and kind of service?
// A look is one child opened by one user on one day, however often. Peers are all, of all areas, who
// opened anybody; what is usual among them is the median, which a few who are far over it do not move.
// param since: datetime -- only after this instant
// param times: int -- more than so many times what is usual
// param fewest: int -- of fewer looks nothing is said
// param peers: int -- nor among fewer peers
// param authorities: list[str] -- DfE numbers of the users' areas; null for all
// param clearance: list[str] -- filled by the door
// returns user, count, usual, peers, first, last
MATCH (record:Access)
WHERE record.at > $since AND $clearance IS NOT NULL
  AND record.question IN ['ServiceMapOf', 'BoundariesOf', 'ExportMap'] AND record.outcome IN ['shown', 'restricted']
WITH record.user AS user, record.role AS role, record.user_service AS service,
  record.user_authority AS authority, record.children AS children,
  date(datetime({datetime: record.at, timezone: 'Europe/London'})) AS day,
  min(record.at) AS first, max(record.at) AS last
WITH user, role, service, authority, count(*) AS looks, min(first) AS first, max(last) AS last
OPTIONAL MATCH (works:Service {id: service})
WITH role, coalesce(works.kind, 'none') AS kind, user, sum(looks) AS looks, min(first) AS first,
  max(last) AS last, collect(authority) AS areas
WITH role, kind, percentileCont(looks, 0.5) AS usual,
  collect({user: user, looks: looks, first: first, last: last, areas: areas}) AS these
WHERE size(these) > $peers
UNWIND these AS one
WITH one, usual, size(these) - 1 AS peers
WHERE one.looks >= $fewest AND one.looks > $times * usual
  AND ($authorities IS NULL OR any(area IN one.areas WHERE area IN $authorities))
RETURN one.user AS user, one.looks AS count, usual, peers, one.first AS first, one.last AS last
ORDER BY user
