"""A load that is killed at any point can be run again and ends the same as one left in peace."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from graph import EmbeddedNeo4j, Graph, Keyring
from signpost.demo import write_england
from tests.world import STEWARD

LOADER = """
import sys
from datetime import date
from pathlib import Path
from graph import Connection, Graph, Keyring, Role, Viewer
from loaders import read
uri, user, password, keys, folder, source = sys.argv[1:]
graph = Graph(Connection(uri, user, password, "neo4j"), Keyring.read(Path(keys)), "01632 960999")
batch = read("csv", Path(folder), source, date(2026, 11, 20))
print("go", flush=True)
graph.load(Viewer(id="steward.one", role=Role.STEWARD), batch)
print("done", flush=True)
"""
FINGERPRINT = """
MATCH (start)-[edge]->(end) WHERE edge.record IS NOT NULL
RETURN type(edge) AS type, edge.record AS record, edge.content AS content, edge.from AS start,
  edge.to AS until, edge.key IS NULL AS retracted, edge.part AS part,
  CASE WHEN start:Child THEN [(:Source)-[k:KNOWN_AS]->(start) | k.record] ELSE [start.id] END AS from,
  CASE WHEN end:Child THEN [(:Source)-[k:KNOWN_AS]->(end) | k.record]
       ELSE [coalesce(end.id, end.number)] END AS to
"""


def fingerprint(bare) -> list[tuple]:
    """Everything a load wrote, but for random ids, seals and times."""
    rows = bare(FINGERPRINT)
    nodes = bare(
        "MATCH (n) WHERE NOT n:Load AND NOT n:Access AND NOT n:Keys "
        "RETURN labels(n) AS l, count(*) AS n"
    )
    flat = [
        tuple(str(sorted(v) if isinstance(v, list) else v) for v in row.values()) for row in rows
    ]
    return sorted(flat) + sorted((str(row["l"]), str(row["n"])) for row in nodes)


@pytest.fixture(scope="module")
def england(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a small synthetic England."""
    folder = tmp_path_factory.mktemp("england")
    write_england(folder, children=1500, seed=7)
    return folder


def test_kill_nine_at_ten_random_points(
    graph: Graph,
    bare,
    server: EmbeddedNeo4j,
    keyring: Keyring,
    england: Path,
    tmp_path: Path,
) -> None:
    import csv
    from datetime import date

    from graph import Source
    from loaders import read

    keyring.write(tmp_path / "keyring.json")
    folders = [path for path in (england / "sources").iterdir() if path.is_dir()]
    largest = max(folders, key=lambda path: sum(f.stat().st_size for f in path.iterdir()))
    with (england / "sources.csv").open(newline="") as lines:
        row = next(r for r in csv.DictReader(lines) if r["id"] == largest.name)
    row.pop("extracted")
    source = Source.model_validate({**row, "every_days": int(row["every_days"])})
    graph.load(STEWARD, source)
    made = server.connection()
    keys = str(tmp_path / "keyring.json")
    words = [made.uri, made.user, made.password, keys, str(largest), source.id]
    randomly = random.Random(3)
    killed = 0
    for _ in range(10):
        killed += not run_and_kill(words, randomly.uniform(0.0, 0.9))
    assert killed, "every load was done before it was killed; nothing was shown"
    graph.load(STEWARD, read("csv", largest, source.id, date(2026, 11, 20)))
    after_kills = fingerprint(bare)
    bare("MATCH (n) WHERE NOT n:Authority CALL (n) { DETACH DELETE n } IN TRANSACTIONS")
    graph.load(STEWARD, source)
    graph.load(STEWARD, read("csv", largest, source.id, date(2026, 11, 20)))
    assert after_kills == fingerprint(bare)


def run_and_kill(words: list[str], after: float) -> bool:
    """Start a load in a process, kill -9 it some seconds after it began; True where it was done."""
    root = str(Path(__file__).parent.parent)
    with subprocess.Popen(
        [sys.executable, "-c", LOADER, *words],
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
        env=dict(os.environ),
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "go\n"
        time.sleep(after)
        process.kill()
        return "done" in process.stdout.read()
