"""signpost bench load: rows a second through the door beside a bare UNWIND of the same edges."""

import random
from datetime import date, timedelta
from time import perf_counter
from typing import Any, LiteralString

from graph import (
    Agency,
    AllocationRow,
    Batch,
    ChildRow,
    HomeRow,
    Identity,
    InvolvementRow,
    LawfulBasis,
    Period,
    Practitioner,
    PractitionerRow,
    Role,
    Service,
    ServiceRow,
    Source,
    Viewer,
)
from graph.store import Store
from signpost.bench.figures import Figure, Scratch
from signpost.demo.names import Names

STEWARD = Viewer(id="bench.steward", role=Role.STEWARD)
SOURCE = Source(
    id="bench",
    name="Bench",
    authority="383",
    agency=Agency.SOCIAL_CARE,
    basis=LawfulBasis.PUBLIC_TASK,
)
PLACE = {"file": "bench.csv", "line": 1}
CHUNK = 5_000
EXTRACTED = date(2026, 11, 20)

# What a script with the bare driver would run for the same nodes and edges: no history, no matching.
BARE: dict[str, LiteralString] = {
    "Service": "UNWIND $rows AS row CREATE (n:Service) SET n = row",
    "Practitioner": "UNWIND $rows AS row CREATE (n:Practitioner) SET n = row",
    "Child": "UNWIND $rows AS row CREATE (n:Child) SET n = row",
    "Block": "UNWIND $rows AS row CREATE (n:Block) SET n = row",
    "HOLDS": "UNWIND $rows AS row MATCH (a:Block {token: row.a}) MATCH (b:Child {id: row.b}) "
    "CREATE (a)-[e:HOLDS]->(b)",
    "MAY_BE": "UNWIND $rows AS row MATCH (a:Child {id: row.a}) MATCH (b:Child {id: row.b}) "
    "CREATE (a)-[e:MAY_BE]->(b) SET e = row.edge",
    "KNOWN_AS": "UNWIND $rows AS row MATCH (a:Source {id: row.a}) MATCH (b:Child {id: row.b}) "
    "CREATE (a)-[e:KNOWN_AS]->(b) SET e = row.edge",
    "IN_AREA": "UNWIND $rows AS row MATCH (a:Service {id: row.a}) MATCH (b:Authority {number: row.b}) "
    "CREATE (a)-[e:IN_AREA]->(b) SET e = row.edge",
    "WORKS_AT": "UNWIND $rows AS row MATCH (a:Practitioner {id: row.a}) MATCH (b:Service {id: row.b}) "
    "CREATE (a)-[e:WORKS_AT]->(b) SET e = row.edge",
    "LIVES_IN": "UNWIND $rows AS row MATCH (a:Child {id: row.a}) MATCH (b:Authority {number: row.b}) "
    "CREATE (a)-[e:LIVES_IN]->(b) SET e = row.edge",
    "INVOLVED_WITH": "UNWIND $rows AS row MATCH (a:Service {id: row.a}) MATCH (b:Child {id: row.b}) "
    "CREATE (a)-[e:INVOLVED_WITH]->(b) SET e = row.edge",
    "WORKS_WITH": "UNWIND $rows AS row MATCH (a:Practitioner {id: row.a}) MATCH (b:Child {id: row.b}) "
    "CREATE (a)-[e:WORKS_WITH]->(b) SET e = row.edge",
}
WRITTEN = """
MATCH (a)-[edge]->(b) WHERE edge.key IS NOT NULL OR edge:HOLDS
RETURN type(edge) AS type, coalesce(a.id, a.number, a.token) AS a, coalesce(b.id, b.number) AS b,
       properties(edge) AS edge
"""
NODES = """
MATCH (n) WHERE n:Child OR n:Service OR n:Practitioner OR n:Block
RETURN labels(n)[0] AS label, properties(n) AS node
"""
EMPTY = """
MATCH (n) WHERE n:Child OR n:Service OR n:Practitioner OR n:Block
CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS
"""


def bench_load(place: Scratch, quick: bool, progress: Any) -> tuple[list[Figure], str]:
    """Rows a second of one extract, each row as it is read from its file to the commit of its edge.

    Return the figures, and a sentence on the sizes.
    """
    children = 2_500 if quick else 20_000
    place.graph.load(STEWARD, SOURCE)
    place.graph.load(STEWARD, extract(200))
    place.store.bare(EMPTY)
    batch = extract(children)
    rows = sum(1 for _ in batch.rows())
    start = perf_counter()
    place.graph.load(STEWARD, batch, progress=progress)
    ours = rows / (perf_counter() - start)
    start = perf_counter()
    place.graph.load(STEWARD, batch, progress=progress)
    again = rows / (perf_counter() - start)
    beside = rows / _bare(place.store)
    name = "bare UNWIND"
    figures = [
        Figure("load", "first load", "rows/s", ours, beside, name),
        Figure("load", "the same file again", "rows/s", again, beside, name),
    ]
    return figures, f"{rows:,} rows of {children:,} children"


def extract(children: int) -> Batch:
    """An extract of a given size: two involvements, a home and an allocation for each child."""
    services = [
        ServiceRow(
            record=f"T{n}/383",
            service=Service.model_validate(
                {"id": f"T{n}", "name": f"Team {n}", "agency": "health"}
            ),
            authority="383",
            **PLACE,
        )
        for n in range(50)
    ]
    workers = [
        PractitionerRow(
            record=f"P{n}/T{n % 50}",
            practitioner=Practitioner(id=f"P{n}", name="Amina Yusuf"),
            service=f"T{n % 50}",
            **PLACE,
        )
        for n in range(200)
    ]
    tables: dict[str, list[Any]] = {
        "children": [],
        "homes": [],
        "involvements": [],
        "allocations": [],
    }
    rng, names = random.Random(1), Names()  # noqa: S311
    for n in range(children):
        _child(tables, n, rng, names)
    said = {"source": "bench", "feed": "csv", "extracted": EXTRACTED}
    return Batch.model_validate({**said, "services": services, "practitioners": workers, **tables})


def _child(tables: dict[str, list[Any]], n: int, rng: random.Random, names: Names) -> None:
    born = date(2010, 1, 1) + timedelta(days=n % 5000)
    span = Period.model_validate({"from": born + timedelta(days=300)})
    given, family = names.full(rng, names.origin(rng), "F")
    who = Identity(family_name=family.text, given_name=given.text, birth_date=born)
    tables["children"].append(ChildRow(record=f"C{n}", identity=who, **PLACE))
    about = {"child": f"C{n}", "period": span, **PLACE}
    tables["homes"].append(HomeRow(record=f"H{n}", authority="383", **about))
    for k in (0, 1):
        made = InvolvementRow(record=f"I{n}-{k}", service=f"T{(n + k) % 50}", **about)
        tables["involvements"].append(made)
    worker = {"practitioner": f"P{n % 200}", "service": f"T{n % 50}"}
    tables["allocations"].append(AllocationRow(record=f"A{n}", **worker, **about))


def _bare(store: Store) -> float:
    """Write what the door wrote once more, by the bare driver, into the emptied graph; seconds."""
    written: dict[str, list[dict[str, Any]]] = {name: [] for name in BARE}
    for row in store.bare(NODES):
        written[row["label"]].append(row["node"])
    for row in store.bare(WRITTEN):
        written[row.pop("type")].append(row)
    store.bare(EMPTY)
    start = perf_counter()
    for name, text in BARE.items():
        for first in range(0, len(written[name]), CHUNK):
            store.bare(text, rows=written[name][first : first + CHUNK])
    return perf_counter() - start
