"""A load that is killed at any point can be run again and ends the same as one left in peace."""

import csv
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from graph import EmbeddedNeo4j, Graph, Keyring, Source
from signpost.demo import write_england
from signpost.demo.numbers import nhs_numbers
from tests.test_ssd import extract
from tests.world import STEWARD

ROOT = Path(__file__).parent.parent
SEED = int(os.environ.get("KILL_SEED", "3"))
LOADER = """
import sys
from datetime import date
from pathlib import Path
from graph import Connection, Graph, Keyring, Role, Viewer
from loaders import read
uri, user, password, keys, kind, path, source = sys.argv[1:]
graph = Graph(Connection(uri, user, password, "neo4j"), Keyring.read(Path(keys)), "01632 960999")
batch = read(kind, Path(path), source, date(2026, 11, 20))
print("go", flush=True)
written = lambda what, done, total: print("written", flush=True)
graph.load(Viewer(id="steward.one", role=Role.STEWARD), batch, progress=written)
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
EMPTY = (
    "MATCH (n) WHERE NOT n:Authority AND NOT n:Keys CALL (n) { DETACH DELETE n } IN TRANSACTIONS"
)
OPEN = "MATCH (l:Load) WHERE l.finished_at IS NULL RETURN count(l) AS n"


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


class Feed(NamedTuple):
    """An extract, and the source that sends it."""

    kind: str
    path: Path
    source: Source


@pytest.fixture(scope="module")
def csv_feed(tmp_path_factory: pytest.TempPathFactory) -> Feed:
    """The largest source of a small synthetic England."""
    england = tmp_path_factory.mktemp("england")
    write_england(england, children=3000, seed=7)
    folders = [path for path in (england / "sources").iterdir() if path.is_dir()]
    largest = max(folders, key=lambda path: sum(f.stat().st_size for f in path.iterdir()))
    with (england / "sources.csv").open(newline="") as lines:
        row = next(r for r in csv.DictReader(lines) if r["id"] == largest.name)
    del row["extracted"]
    return Feed("csv", largest, Source.model_validate(row))


@pytest.fixture(scope="module")
def ssd_feed(tmp_path_factory: pytest.TempPathFactory) -> Feed:
    """An extract of 600 children with two workers, two teams, and periods of care."""
    random, children = Random(7), range(1, 601)
    numbers = nhs_numbers(random)
    people = [
        {
            "person_id": n,
            "common_child_id": next(numbers)[0],
            "surname": "".join(random.choices("abcdefghijklmnoprstuvwyz", k=7)).title(),
            "forename": "".join(random.choices("abcdefghijklmnoprstuvwyz", k=5)).title(),
            "dob": f"{random.randint(2010, 2020)}-{random.randint(1, 12):02}-{n % 28 + 1:02}",
        }
        for n in children
    ]
    work = [{"involvements_id": n, "person_id": n, "professional_id": 77 + n % 2} for n in children]
    care = [{"cla_episode_id": n, "cla_id": n, "person_id": n} for n in children if not n % 3]
    path = extract(
        tmp_path_factory.mktemp("ssd"),
        ssd_person=people,
        ssd_department=[{}, {"team_id": 13, "team_name": "West Locality", "team_parent_id": 12}],
        ssd_professionals=[{}, {"professional_id": 78, "professional_name": "Tom Left"}],
        ssd_involvements=work,
        ssd_cin_episodes=[{"referral_id": n, "person_id": n} for n in children],
        ssd_cla_episodes=care,
    )
    source = {"id": "leeds-ssd", "name": "Leeds", "authority": "383", "agency": "social care"}
    return Feed("ssd", path, Source.model_validate({**source, "basis": "public task"}))


class Process:
    """A load in a process of its own."""

    def __init__(self, feed: Feed, server: EmbeddedNeo4j, keys: Path) -> None:
        made = server.connection()
        words = [made.uri, made.user, made.password, keys, feed.kind, feed.path, feed.source.id]
        self._command = [sys.executable, "-c", LOADER, *map(str, words)]

    def times(self) -> dict[str, float]:
        """Let it end; return the seconds after which it first said what it says."""
        return dict(reversed([*self._run("go", None)]))

    def killed(self, line: str, after: float) -> bool:
        """Kill it some seconds after it said a line; return whether it was not done."""
        return "done" not in [said for said, _ in self._run(line, after)]

    def _run(self, line: str, after: float | None) -> Iterator[tuple[str, float]]:
        with subprocess.Popen(
            self._command, stdout=subprocess.PIPE, text=True, cwd=ROOT
        ) as process:
            assert process.stdout
            began = 0.0
            for said in map(str.strip, process.stdout):
                began = began or time.monotonic()
                yield said, time.monotonic() - began
                if said == line and after is not None:
                    time.sleep(after)
                    process.kill()


@pytest.mark.parametrize(("kind", "points"), [("csv", 14), ("ssd", 6)])
def test_kill_nine_at_twenty_random_points(
    graph: Graph,
    bare,
    server: EmbeddedNeo4j,
    keyring: Keyring,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    kind: str,
    points: int,
) -> None:
    """Half of the points are anywhere in a load, half where it writes; some loads are killed thrice."""
    feed = request.getfixturevalue(f"{kind}_feed")
    keyring.write(tmp_path / "keyring.json")
    process, random = Process(feed, server, tmp_path / "keyring.json"), Random(SEED)

    def begin() -> None:
        bare(EMPTY)
        graph.load(STEWARD, feed.source)

    for _ in range(2):  # the first is slower, as the database has just been started
        begin()
        times = process.times()
    in_peace = fingerprint(bare)
    assert len(in_peace) > 1000
    begin()
    writing = 0
    for point in range(points):
        stopped = bare(OPEN)[0]["n"]
        line = "go" if point % 2 else "written"
        left = times["done"] - times[line]
        killed = process.killed(line, random.uniform(0.0, left) if point else 0.0)
        writing += killed and bare(OPEN)[0]["n"] > stopped
        if not killed or point % 3 == 2 or point == points - 1:
            assert "done" in process.times()
            assert fingerprint(bare) == in_peace
            begin()
    assert writing, "no load was killed while it wrote; nothing was shown"
