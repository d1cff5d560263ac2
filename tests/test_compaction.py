"""After compaction no file of the store holds a byte of what was deleted; all else is as it was."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest

from graph import BadServer, EmbeddedNeo4j, FindChild, Graph, Keyring, compact, swap
from graph.store import Store
from graph.withdrawal import withdraw
from signpost.demo import write_england
from signpost.demo_load import load_england
from tests.conftest import free_port
from tests.test_commands import run
from tests.test_stolen import rows_of
from tests.test_withdrawal import traces
from tests.world import BROKER, NURSE, STEWARD

MEMORY = "512m"
ROOT = Path(__file__).parent.parent
COMPACT = """
import sys
from pathlib import Path
from graph import EmbeddedNeo4j, compact
def progress(what, done, total):
    print(what, flush=True)
compact(EmbeddedNeo4j(Path(sys.argv[1]), int(sys.argv[2]), "512m"), progress)
"""
NODES = "MATCH (n) RETURN labels(n) AS labels, properties(n) AS properties"
EDGES = """
MATCH (a)-[r]->(b)
RETURN [labels(a), coalesce(a.id, a.number, a.token)] AS start, type(r) AS type,
  properties(r) AS properties, [labels(b), coalesce(b.id, b.number, b.token)] AS end
"""
CONSTRAINTS = "SHOW CONSTRAINTS YIELD name, type, entityType, labelsOrTypes, properties, ownedIndex"
INDEXES = (
    "SHOW INDEXES YIELD name, type, entityType, labelsOrTypes, properties, state, owningConstraint"
)


def packed(token: str) -> Iterator[bytes]:
    """A short text of digits and letters as Neo4j packs it: six bits each, after a head of 39 bits.

    Two of its words of 64 bits are wholly the token's; files have them big-endian, logs little-endian.
    """
    codes = (32 + int(c) if c.isdigit() else ord(c) - ord("a") + 1 for c in token)
    bits = sum(code << 6 * place for place, code in enumerate(codes)) << 39
    words = [bits >> 64 * place & 2**64 - 1 for place in (1, 2)]
    for order in ("big", "little"):
        yield b"".join(word.to_bytes(8, order) for word in words)


def needles(text: str) -> list[bytes]:
    """What to look for: a token as text and packed; of a sealed identity each part of 40 bytes."""
    if len(text) == 32:
        return [text.encode(), *packed(text)]
    return [text[at : at + 40].encode() for at in range(0, len(text) - 40, 40)]


def holding(home: Path, wanted: list[str]) -> dict[str, set[str]]:
    """Of each text, in which files of a stopped server it stands."""
    files = [path for path in home.rglob("*") if path.is_file()]
    contents = {path.relative_to(home).as_posix(): path.read_bytes() for path in files}
    return {
        text: {n for n, held in contents.items() if any(one in held for one in needles(text))}
        for text in wanted
    }


def everything(store: Store) -> dict[str, list[str]]:
    """All nodes, edges, constraints and indexes, in an order of their own."""
    found = {
        "nodes": store.bare(NODES),
        "edges": store.bare(EDGES),
        "constraints": store.bare(CONSTRAINTS),
        "indexes": store.bare(INDEXES),
    }
    return {what: sorted(map(_told, rows)) for what, rows in found.items()}


def _told(row: dict[str, Any]) -> str:
    flat = {k: sorted(v.items()) if isinstance(v, dict) else v for k, v in row.items()}
    return str(sorted(flat.items(), key=str))


@dataclass
class Machine:
    """A server of its own, its keys, and what was found in its files."""

    server: EmbeddedNeo4j
    keyring: Keyring
    files: Path
    wanted: list[str]
    before: dict[str, set[str]]
    deleted: dict[str, set[str]]
    compacted: dict[str, set[str]]
    graph_before: dict[str, list[str]]
    graph_after: dict[str, list[str]]
    told: str

    def graph(self) -> Graph:
        """The graph of the running database, behind its door."""
        return Graph(self.server.connection(), self.keyring, BROKER)

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The database, running."""
        with running(self.server) as store:
            yield store


@contextmanager
def running(server: EmbeddedNeo4j) -> Iterator[Store]:
    store = Store(server.start())
    try:
        yield store
    finally:
        store.close()
        server.stop()


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A small England, in which a child is withdrawn and a source's time is over; then compacted."""
    files, home = tmp_path_factory.mktemp("files"), tmp_path_factory.mktemp("home")
    write_england(files, children=60, seed=5)
    keyring, server = Keyring.new(), EmbeddedNeo4j(home, free_port(), MEMORY)
    with running(server) as store:
        with closing(Graph(server.connection(), keyring, BROKER)) as graph:
            graph.set_up()
            load_england(graph, files, _silent)
        [alone] = store.bare(ALONE)
        [ended] = store.bare(ENDED, source=alone["source"])
        wanted = [*traces(store.bare, alone["record"]), *ended["said"]]
    before = holding(home, wanted)
    with running(server) as store:
        said = (alone["source"], f"{alone['source']}/csv", [alone["record"]], datetime.now(UTC))
        store.within(lambda tx: withdraw(tx, keyring, *said), 300)
        store.bare("MATCH (s:Source {id: $id}) SET s.keep_years = 0", id=ended["source"])
        with closing(Graph(server.connection(), keyring, BROKER)) as graph:
            assert graph.retain(STEWARD).deleted["involvements"] > 0
        graph_before = everything(store)
    deleted = holding(home, wanted)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SIGNPOST_HOME", str(home))
        environment.setenv("SIGNPOST_DB_PORT", str(server.port))
        environment.setenv("SIGNPOST_DB_MEMORY", MEMORY)
        told = run("db", "compact")
    compacted = holding(home, wanted)
    with running(server) as store:
        graph_after = everything(store)
    found = (before, deleted, compacted, graph_before, graph_after)
    return Machine(server, keyring, files, wanted, *found, told)


# A child whom one source alone names, with edges; and of another source an involvement that has ended.
ALONE = """
MATCH (source:Source)-[known:KNOWN_AS]->(child:Child)
WHERE COUNT { (:Source)-[:KNOWN_AS]->(child) } = 1 AND EXISTS { (:Service)-[:INVOLVED_WITH]->(child) }
RETURN source.id AS source, known.record AS record ORDER BY record LIMIT 1
"""
ENDED = """
MATCH ()-[edge:INVOLVED_WITH]->(:Child)
WHERE edge.to < date() AND edge.source <> $source
RETURN edge.source AS source, [edge.key, edge.content] AS said ORDER BY edge.key LIMIT 1
"""


def test_it_stands_in_the_files_before_and_after_it_is_deleted(machine: Machine) -> None:
    assert len(machine.wanted) >= 8
    assert [text for text, files in machine.before.items() if not files] == []
    logged = {
        text for text, files in machine.before.items() if any("/transactions/" in f for f in files)
    }
    assert logged == set(machine.wanted)
    stored = {
        text for text, files in machine.before.items() if any("/databases/" in f for f in files)
    }
    assert stored == set(machine.wanted)
    assert [text for text, files in machine.deleted.items() if not files] == []


def test_after_compaction_it_is_in_no_file_of_the_home(machine: Machine) -> None:
    assert {text: files for text, files in machine.compacted.items() if files} == {}


def test_no_log_of_the_server_ever_held_it(machine: Machine) -> None:
    for found in (machine.before, machine.deleted):
        files = {name for names in found.values() for name in names}
        assert {name for name in files if not name.startswith("server/data/")} == set()


def test_the_graph_is_as_it_was(machine: Machine) -> None:
    assert len(machine.graph_before["nodes"]) > 500
    assert len(machine.graph_before["constraints"]) > 20
    for what, rows in machine.graph_before.items():
        assert machine.graph_after[what] == rows, what


def test_it_says_what_it_did(machine: Machine) -> None:
    nodes, edges = (len(machine.graph_before[what]) for what in ("nodes", "edges"))
    assert f"Copied {nodes:,} nodes and {edges:,} edges" in machine.told


def test_the_same_password_and_keys_open_it_and_while_it_runs_it_is_not_compacted(
    machine: Machine,
) -> None:
    numbers = [row["nhs_number"] for row in rows_of(machine.files) if row["nhs_number"]]
    with machine.store(), closing(machine.graph()) as graph:
        found = [graph.ask(NURSE, FindChild(nhs_number=number)).children for number in numbers[:3]]
        assert any(found)
        with pytest.raises(BadServer, match="signpost db stop"):
            compact(machine.server, _silent)


def test_a_database_that_is_not_there_is_not_compacted(tmp_path: Path) -> None:
    with pytest.raises(BadServer, match="no database"):
        compact(EmbeddedNeo4j(tmp_path, free_port(), MEMORY), _silent)


def test_without_room_on_the_disk_nothing_is_begun(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.compaction.TIMES", 1_000_000_000)
    with pytest.raises(BadServer, match="GB free"):
        compact(machine.server, _silent)
    assert not (machine.server.folder / swap.WORK).exists()


def test_a_copy_that_holds_less_is_not_taken(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from graph import compaction

    whole = compaction._copy

    def lossy(source: Any, target: Store, progress: Any) -> tuple[int, int]:
        counted = whole(source, target, progress)
        target.bare("MATCH (n:Feed) WITH n LIMIT 1 REMOVE n.last_extract")
        return counted

    monkeypatch.setattr("graph.compaction._copy", lossy)
    with pytest.raises(BadServer, match="stays as it was"):
        compact(machine.server, _silent)
    assert left_over(machine) == []


def kill_at(step: str, code: str, *words: str) -> None:
    """Run code in a process of its own, and kill it where it says that it is at a step."""
    with subprocess.Popen(
        [sys.executable, "-c", code, *words],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=dict(os.environ),
    ) as process:
        assert process.stdout
        assert any(line == f"{step}\n" for line in process.stdout)
        process.kill()


def test_killed_while_it_copies_the_old_store_starts_as_it_was(machine: Machine) -> None:
    kill_at("copying nodes", COMPACT, str(machine.server.home), str(machine.server.port))
    assert (machine.server.folder / swap.WORK).exists()
    with machine.store() as store:
        assert unasked(everything(store)) == unasked(machine.graph_after)
    assert left_over(machine) == []


def unasked(graph: dict[str, list[str]]) -> dict[str, list[str]]:
    """The same without the records of who asked, as other tests here do."""
    return {
        what: [row for row in rows if not row.startswith("[('labels', ['Access'])")]
        for what, rows in graph.items()
    }


def left_over(machine: Machine) -> list[str]:
    """What a compaction left beside the store, and servers that still run."""
    names = (swap.NEW, swap.OLD, swap.WORK)
    home = str(machine.server.home)
    running = [p for p in psutil.process_iter(["cmdline"]) if home in str(p.info["cmdline"])]
    return [n for n in names if (machine.server.folder / n).exists()] + [str(p) for p in running]


def _silent(what: str, done: int, total: int) -> None:
    """No progress."""


# -- the swap, stopped at each of its steps ---------------------------------------------------------


STEPS = 6


@pytest.mark.parametrize("steps", range(STEPS))
def test_a_swap_that_is_stopped_at_any_step_is_finished_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    server, fresh = tmp_path / "server", tmp_path / "server" / swap.WORK / "new" / "data"
    for folder, text in ((server / "data", "old"), (fresh, "new")):
        folder.mkdir(parents=True)
        (folder / "store").write_text(text)
    with monkeypatch.context() as stopped:
        left = iter(range(steps))

        def step(act: Any) -> Any:
            def acted(*words: Any) -> Any:
                if next(left, None) is None:
                    raise KeyboardInterrupt
                return act(*words)

            return acted

        stopped.setattr(Path, "rename", step(Path.rename))
        stopped.setattr("shutil.rmtree", step(swap.shutil.rmtree))
        if steps < STEPS - 1:
            with pytest.raises(KeyboardInterrupt):
                swap.replace(server, fresh)
        else:
            swap.replace(server, fresh)
    swap.settle(server)
    assert [path.name for path in server.iterdir()] == ["data"]
    assert (server / "data" / "store").read_text() == ("new" if steps else "old")
