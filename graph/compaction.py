"""A store without the bytes of what was deleted: all there is, copied into a new one that takes its place.

Neo4j marks what is deleted and leaves its bytes, in its files and its transaction logs, until something
else is written there. `neo4j-admin` of the Community edition has no command that takes them out.
"""

import socket
from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import graph.machine as machine
import graph.server_files as server_files
import graph.swap as swap
from graph.admin import held, workplace
from graph.embedded import EmbeddedNeo4j
from graph.errors import BadServer
from graph.store import Store, Transaction

Progress = Callable[[str, int, int], None]
PAGE = 5_000
SECONDS = 300
DAY = 86_400
# The copy may be as large as what it is made of, and as much again in its transaction logs.
TIMES = 2


class Compacted(NamedTuple):
    """What was copied, and the bytes of the store before and after."""

    nodes: int
    edges: int
    before: int
    after: int


def compact(server: EmbeddedNeo4j, progress: Progress) -> Compacted:
    """Make this machine's store anew without what was deleted from it, while nobody uses it.

    The old store is only read, and kept until the new one is whole and holds as much.
    Raises BadServer where the server runs, was never started, or the disk has no room for both.
    """
    with held(server):
        before = server.status().data
        machine.require_disk(server.folder, TIMES * before + machine.DISK_LATER)
        with workplace(server) as work:
            nodes, edges = _copy_store(server, work, progress)
            swap.replace(server.folder, work / "new" / "server" / "data")
        return Compacted(nodes, edges, before, server.status().data)


def _copy_store(server: EmbeddedNeo4j, work: Path, progress: Progress) -> tuple[int, int]:
    """Copy everything into a store of its own; return how many nodes and edges."""
    old, new = _beside(server, work / "old"), _beside(server, work / "new")
    (server_files.folder(old.folder) / "data").symlink_to(server.folder / "data")
    with _running(old, progress) as source, _running(new, progress) as target:
        target.set_up()
        copied = source.within(lambda tx: _copy(tx, target, progress), DAY)
        if _tally(source) != _tally(target):
            raise BadServer(
                "The new store does not hold what the old one does; the old one stays as it was."
            )
    return copied


def _beside(server: EmbeddedNeo4j, home: Path) -> EmbeddedNeo4j:
    """Another server with this one's password, on a port that nobody else knows."""
    made = EmbeddedNeo4j(
        home,
        _free_port(),
        server.memory,
        disk_first=machine.DISK_LATER,
        memory_beside=server.memory_beside,
        lock=server.jars,
        registry=server.registry,
    )
    made.password_file = server.password_file
    return made


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def _running(server: EmbeddedNeo4j, progress: Progress) -> Iterator[Store]:
    try:
        store = Store(server.start(progress))
        try:
            yield store
        finally:
            store.close()
    finally:
        server.stop()


def _copy(source: Transaction, target: Store, progress: Progress) -> tuple[int, int]:
    ids = _Ids()
    nodes = edges = 0
    for page in _pages(source.stream("load/every_node")):
        made = target.within(lambda tx, p=page: tx.run("load/copy_nodes", rows=p), SECONDS)
        for row in made:
            ids.put(row["node"], row["copy"])
        nodes += len(made)
        progress("copying nodes", nodes, 0)
    for page in _pages(source.stream("load/every_edge")):
        rows = [{**row, "start": ids.of(row["start"]), "end": ids.of(row["end"])} for row in page]
        target.within(lambda tx, r=rows: tx.run("load/copy_edges", rows=r), SECONDS)
        edges += len(rows)
        progress("copying edges", edges, 0)
    return nodes, edges


class _Ids:
    """Which copy is whose, in eight bytes a node: the server's ids are a prefix and a small number."""

    def __init__(self) -> None:
        self._copies = array("q")
        self._prefix = ""

    def put(self, node: str, copy: str) -> None:
        """Note the copy of a node."""
        number = _number(node)
        if number >= len(self._copies):
            self._copies.extend([-1] * (number + 1 - len(self._copies)))
        self._copies[number] = _number(copy)
        self._prefix = copy.rpartition(":")[0]

    def of(self, node: str) -> str:
        """The copy of a node."""
        return f"{self._prefix}:{self._copies[_number(node)]}"


def _number(element: str) -> int:
    return int(element.rpartition(":")[2])


def _pages(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    rows = iter(rows)
    while page := list(islice(rows, PAGE)):
        yield [{**row, "properties": _in_utc(row["properties"])} for row in page]


def _in_utc(properties: dict[str, Any]) -> dict[str, Any]:
    """The same with instants in UTC, as every one of them was written."""
    return {
        name: value.astimezone(UTC) if isinstance(value, datetime) else value
        for name, value in properties.items()
    }


def _tally(store: Store) -> list[tuple[str, int, int]]:
    rows = store.within(lambda tx: tx.run("load/tally"), DAY)
    return sorted((str(row["kind"]), row["things"], row["properties"]) for row in rows)
