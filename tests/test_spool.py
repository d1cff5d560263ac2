"""A load's rows wait in a private temporary database: sealed, gone at the end, and memory stays flat."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from graph import LoadStopped, check
from graph.spool import Rest, Said, Spool, packed
from tests.world import STEWARD, World, child, leeds


def said(n: int, whole: object) -> Said:
    rest = Rest("f, line 1", None, None, 0, False, None, None, packed(whole))
    return Said("children", f"k{n}", "c", None, rest)


def test_what_waits_is_sealed_and_has_no_name() -> None:
    spool = Spool()
    spool.put(said(n, "Zzokafor " * 500) for n in range(30_000))
    open_files = [
        os.readlink(path) for path in Path("/proc/self/fd").iterdir() if path.is_symlink()
    ]
    spilt = [path for path in open_files if "/etilqs_" in path]
    assert spilt, "130 MB did not fit the cache, so that there is a file"
    assert all(path.endswith(" (deleted)") for path in spilt), "and it has no name"
    row = next(spool.differing("children"))
    assert row.whole.startswith("Zzokafor")
    spool.close()


def test_a_full_disk_says_what_to_do_and_the_load_can_be_run_again(
    world: World, monkeypatch
) -> None:
    def full(self: Spool, rows: object) -> None:
        self._db.execute("PRAGMA max_page_count = 1")
        self._db.execute(
            "CREATE TABLE more AS WITH RECURSIVE n(i) AS "
            "(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 99999) SELECT i FROM n"
        )

    with monkeypatch.context() as patched:
        patched.setattr(Spool, "put", full)
        with pytest.raises(LoadStopped, match="make room"):
            world.graph.load(STEWARD, leeds())
    assert world.graph.load(STEWARD, leeds()).new == 0


def test_a_repeated_record_is_refused_and_says_where_the_first_is(world: World) -> None:
    twice = [*leeds().children, child("C1", line=9, family_name="Else", birth_date="2012-01-01")]
    report = world.graph.load(STEWARD, leeds(children=twice))
    assert [str(fault) for fault in report.faults] == [
        "children.csv, line 9: repeats the id of children.csv, line 2"
    ]


def test_check_says_what_a_load_would_and_warns_of_what_points_nowhere() -> None:
    batch = leeds(children=[*leeds().children, *leeds().children][:1])
    report = check(batch, "383")
    assert report.tables["children"] == 1
    assert not report.faults
    assert all("earlier extract" in warning.sentence for warning in report.warnings)
    assert report.warnings


ROOT = Path(__file__).parent.parent
PEAK = """
import sys
from datetime import date
from graph import Batch, ChildRow, Identity, InvolvementRow, Period, Service, ServiceRow, check
from tests.peak import megabytes
def rows(many):
    team = Service(id="T1", name="Team", agency="health")
    yield ServiceRow(record="T1/", service=team, file="s.csv", line=2)
    for n in range(many):
        place = {"file": "x.csv", "line": n + 2}
        yield ChildRow(record=f"C{n}", identity=Identity(family_name="Okafor"), **place)
        yield InvolvementRow(record=f"I{n}", child=f"C{n}", service="T1", period=Period(), **place)
batch = Batch(source="any", feed="csv", extracted=date(2026, 11, 20))
batch = batch.model_copy(update={"stream": rows(int(sys.argv[1]))})
print(check(batch, "383").read, megabytes())
"""


def peak(many: int) -> int:
    """The most memory that reading so many children and their involvements took, in MB."""
    made = subprocess.run(
        [sys.executable, "-c", PEAK, str(many)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return int(made.stdout.split()[1])


def test_memory_does_not_grow_with_the_rows() -> None:
    assert peak(60_000) - peak(20_000) < 25
