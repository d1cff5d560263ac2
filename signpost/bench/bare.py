"""The floor under a load: the same nodes and edges by the bare driver, without history or matching."""

from time import perf_counter
from typing import Any, LiteralString

from graph.store import Store

CHUNK = 5_000
_NODES: tuple[LiteralString, ...] = ("Service", "Practitioner", "Child", "Block")
# What a script would run: each edge by the keys of its two ends.
_ENDS: dict[LiteralString, tuple[LiteralString, LiteralString]] = {
    "HOLDS": ("Block {token: row.a}", "Child {id: row.b}"),
    "MAY_BE": ("Child {id: row.a}", "Child {id: row.b}"),
    "KNOWN_AS": ("Source {id: row.a}", "Child {id: row.b}"),
    "IN_AREA": ("Service {id: row.a}", "Authority {number: row.b}"),
    "PART_OF": ("Service {id: row.a}", "Service {id: row.b}"),
    "SUCCEEDED_BY": ("Service {id: row.a}", "Service {id: row.b}"),
    "WORKS_AT": ("Practitioner {id: row.a}", "Service {id: row.b}"),
    "LIVES_IN": ("Child {id: row.a}", "Authority {number: row.b}"),
    "INVOLVED_WITH": ("Service {id: row.a}", "Child {id: row.b}"),
    "WORKS_WITH": ("Practitioner {id: row.a}", "Child {id: row.b}"),
    "POINTS_TO": ("Child {id: row.a}", "Authority {number: row.b}"),
}
_HELD_NODES = """
MATCH (n) WHERE n:Child OR n:Service OR n:Practitioner OR n:Block
RETURN labels(n)[0] AS label, properties(n) AS node
"""
_HELD_EDGES = """
MATCH (a)-[edge]->(b) WHERE edge.key IS NOT NULL OR edge:HOLDS
RETURN type(edge) AS type, coalesce(a.id, a.number, a.token) AS a, coalesce(b.id, b.number) AS b,
       properties(edge) AS edge
"""
# Edges first: a service with a million edges is too much for one transaction.
_NO_EDGES: LiteralString = """
MATCH ()-[edge:CONSENTS_TO|{}]->()
CALL (edge) {{ DELETE edge }} IN TRANSACTIONS OF 20000 ROWS
""".format("|".join(_ENDS))
_NO_NODES = """
MATCH (n) WHERE n:Child OR n:Service OR n:Practitioner OR n:Block
CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 20000 ROWS
"""


def empty(store: Store) -> None:
    """Delete what loads have written."""
    store.bare(_NO_EDGES)
    store.bare(_NO_NODES)


def write_again(store: Store) -> float:
    """Write what the door wrote once more, by the bare driver, into the emptied graph.

    Return the seconds of writing alone.
    """
    written: dict[str, list[dict[str, Any]]] = {name: [] for name in (*_NODES, *_ENDS)}
    for row in store.bare(_HELD_NODES):
        written[row["label"]].append(row["node"])
    for row in store.bare(_HELD_EDGES):
        written[row.pop("type")].append(row)
    empty(store)
    start = perf_counter()
    for label in _NODES:
        _write(store, f"UNWIND $rows AS row CREATE (n:{label}) SET n = row", written[label])
    for name, (a, b) in _ENDS.items():
        ends: LiteralString = f"UNWIND $rows AS row MATCH (a:{a}) MATCH (b:{b}) "
        _write(store, f"{ends}CREATE (a)-[e:{name}]->(b) SET e = row.edge", written[name])
    return perf_counter() - start


def _write(store: Store, text: LiteralString, rows: list[dict[str, Any]]) -> None:
    for first in range(0, len(rows), CHUNK):
        store.bare(text, rows=rows[first : first + CHUNK])
