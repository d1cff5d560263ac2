"""Fixtures.

`graph` is a Graph on a real Neo4j: one server for the whole run, emptied before each test; use it
for anything that asks or loads. `bare` runs one statement beside the door, to look at what was
written. `world` is a small batch with two authorities, a move, a shielded child, a sensitive
service and a worker who left. `home` is a folder of a machine's own. Pure functions need none.
"""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph import EmbeddedNeo4j, Graph, Keyring
from graph.store import Store
from tests.world import BROKER, NOW, World


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedNeo4j]:
    """The embedded Neo4j of this run."""
    made = EmbeddedNeo4j(tmp_path_factory.mktemp("neo4j"), free_port(), "1g")
    made.start(lambda what, done, total: None)
    yield made
    made.stop()


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    """Keys of this run."""
    return Keyring.new()


@pytest.fixture(scope="session")
def shared_graph(server: EmbeddedNeo4j, keyring: Keyring) -> Iterator[Graph]:
    """The graph of this run, with its schema; take `graph` instead."""
    made = Graph(server.connection(), keyring, BROKER, clock=lambda: NOW.at)
    made.set_up()
    yield made
    made.close()


@pytest.fixture(scope="session")
def store(server: EmbeddedNeo4j) -> Iterator[Store]:
    """A connection beside the door."""
    made = Store(server.connection())
    yield made
    made.close()


@pytest.fixture
def bare(store: Store):
    """Run one statement beside the door."""
    return store.bare


@pytest.fixture
def graph(shared_graph: Graph, store: Store) -> Graph:
    """The graph, empty but for schema, keys and authorities, at NOW."""
    store.bare(
        "MATCH (n) WHERE NOT n:Authority AND NOT n:Keys CALL (n) { DETACH DELETE n } IN TRANSACTIONS"
    )
    store.bare("MATCH (keys:Keys) SET keys.live = $live", live=[shared_graph.keyring.oldest])
    NOW.reset()
    return shared_graph


@pytest.fixture
def rotating(graph: Graph, server: EmbeddedNeo4j, store: Store, tmp_path: Path) -> Iterator[Graph]:
    """The same, with a keyring of its own in a file, for whoever changes the key."""
    [kept] = store.bare("MATCH (keys:Keys) RETURN properties(keys) AS said")
    Keyring.new().write(tmp_path / "own" / "keyring.json")
    ring = Keyring.read(tmp_path / "own" / "keyring.json")
    store.bare("MATCH (keys:Keys) DELETE keys")
    made = Graph(server.connection(), ring, BROKER, clock=lambda: NOW.at)
    yield made
    made.close()
    store.bare("MERGE (keys:Keys {id: 'tokens'}) SET keys = $said", said=kept["said"])


@pytest.fixture
def world(graph: Graph) -> World:
    """The small world, loaded."""
    return World.loaded(graph)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine's own folder."""
    monkeypatch.setenv("SIGNPOST_HOME", str(tmp_path / "home"))
    return tmp_path / "home"
