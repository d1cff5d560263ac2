"""What a bench gives, and where it runs."""

import os
import platform
import socket
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

from graph import Connection, EmbeddedNeo4j, Graph, Keyring
from graph.store import Store

BROKER = "01632 960999"


@dataclass(frozen=True)
class Figure:
    """One measured case: ours, and what it is beside, in the same unit and the same run."""

    bench: str
    case: str
    unit: str
    ours: float
    beside: float
    beside_name: str

    def as_dict(self) -> dict[str, Any]:
        """For --json; ratio is ours / beside."""
        return {**asdict(self), "ratio": round(self.ours / self.beside, 3)}


@dataclass(frozen=True)
class Scratch:
    """A graph and the bare connection to the same database; with what another process needs for both.

    threads: how many ask at once.
    """

    graph: Graph
    store: Store
    connection: Connection
    keyring: Keyring
    threads: int = 8


@contextmanager
def scratch(progress: Any, threads: int = 8) -> Iterator[Scratch]:
    """An empty graph on a Neo4j of its own, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="signpost-bench-") as folder:
        server = EmbeddedNeo4j(Path(folder), _free_port(), "1g")
        connection, keyring = server.start(progress), Keyring.new()
        graph, store = Graph(connection, keyring, BROKER), Store(connection)
        try:
            graph.set_up()
            yield Scratch(graph, store, connection, keyring, threads)
        finally:
            graph.close()
            store.close()
            server.stop()


def percentile(values: Sequence[float], part: float) -> float:
    """The value under which `part` (0 to 1) of the values lie; nearest rank."""
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def machine() -> str:
    """The machine and the versions, in a line."""
    memory = psutil.virtual_memory().total / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in ("signpost", "neo4j", "pydantic"))
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB, "
        f"Python {platform.python_version()}, {packages}"
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
