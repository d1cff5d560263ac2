"""Rows read in a process of their own: the same as in this one, and no process is left behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from multiprocessing import active_children
from pathlib import Path

import psutil
import pytest

import loaders
from graph import BadInput, Batch, ChildRow, Fault, Identity, LoadStopped, Row, check
from graph.drafting import Drafting
from loaders import read
from loaders.aside import LEAST, PAGE, Aside, Relay, aside, is_worth_it
from signpost.bench.fuzz import Files
from signpost.bench.made import EXTRACTED, KINDS, Kind

ROOT = Path(__file__).parent.parent


def rows(count: int, faults: list[Fault], warnings: list[Fault], unread: set[str]) -> Iterator[Row]:
    """Made rows, of which every tenth is refused, and a warning that is put right at the end."""
    warnings.append(fault(0, "is the first of many"))
    for number in range(1, count + 1):
        if number % 10:
            yield ChildRow(record=f"C{number}", identity=Identity(), file="c.csv", line=number)
        else:
            faults.append(fault(number, "is refused"))
    warnings[0] = fault(0, f"is the first of {count}")
    unread.add("column age")


def fault(line: int, sentence: str) -> Fault:
    return Fault(file="c.csv", line=line, sentence=sentence)


def batch_of(count: int) -> Batch:
    faults, warnings, unread = [], [], set()
    made = rows(count, faults, warnings, unread)
    grown = {"faults": faults, "warnings": warnings, "unread": unread}
    return Batch(source="any", feed="csv", extracted=EXTRACTED, stream=made, **grown)


def begun() -> list[psutil.Process]:
    """The processes that read: a test may have begun others, as a database."""
    return [psutil.Process(process.pid) for process in active_children()]


@pytest.mark.parametrize("count", [0, 1, PAGE, PAGE * 10 + 7])
def test_the_same_rows_faults_and_warnings_come(count: int):
    here, there = batch_of(count), aside(batch_of(count), Relay(None))
    assert list(there.rows()) == list(here.rows())
    assert there.faults == here.faults
    assert there.warnings == here.warnings
    assert there.kept_unread() == here.kept_unread() == ["column age"]
    assert begun() == []


def test_what_is_made_of_a_row_is_made_where_it_is_read():
    processes = set(aside(batch_of(30), Relay(None)).each(lambda row: os.getpid()))
    assert len(processes) == 1
    assert processes != {os.getpid()}


def test_faults_are_there_before_the_rows_have_ended():
    batch = aside(batch_of(PAGE * 50), Relay(None))
    coming = batch.rows()
    next(coming)
    assert 0 < len(batch.faults) < PAGE


def test_how_far_it_is_comes_through():
    heard: list[tuple[str, int, int]] = []
    relay = Relay(lambda *said: heard.append(said))

    def stream() -> Iterator[Row]:
        for row in rows(5, [], [], set()):
            relay("c.csv", row.line, 5)
            yield row

    batch = Batch(source="any", feed="csv", extracted=EXTRACTED, stream=stream())
    assert len(list(aside(batch, relay).rows())) == 5
    assert heard == [("c.csv", line, 5) for line in range(1, 6)]


@pytest.mark.parametrize("error", [BadInput("c.csv, line 3: is no CSV"), ZeroDivisionError("odd")])
def test_what_reading_raises_is_raised_here(error: Exception):
    def stream() -> Iterator[Row]:
        yield from rows(3, [], [], set())
        raise error

    batch = Batch(source="any", feed="csv", extracted=EXTRACTED, stream=stream())
    with pytest.raises(type(error), match=str(error)) as raised:
        list(aside(batch, Relay(None)).rows())
    assert "in stream" in raised.value.__notes__[0]
    assert begun() == []


class Odd(Exception):
    """One that cannot be made anew of what it says."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"{one} {other}")


def test_what_cannot_be_raised_elsewhere_is_named():
    def stream() -> Iterator[Row]:
        yield from rows(3, [], [], set())
        raise Odd("a", "b")

    batch = Batch(source="any", feed="csv", extracted=EXTRACTED, stream=stream())
    with pytest.raises(RuntimeError, match="Odd") as raised:
        list(aside(batch, Relay(None)).rows())
    assert "in stream" in raised.value.__notes__[0]


def test_rows_are_read_once():
    batch = aside(batch_of(30), Relay(None))
    assert len(list(batch.rows())) == 27
    assert list(batch.rows()) == []
    assert len(batch.faults) == 3


def test_where_no_process_can_begin_it_is_said(monkeypatch: pytest.MonkeyPatch):
    def refused() -> int:
        raise BlockingIOError("Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refused)
    with pytest.raises(LoadStopped, match="lets no further process begin"):
        list(aside(batch_of(30), Relay(None)).rows())


def test_it_ends_when_nobody_takes_more():
    coming = aside(batch_of(100_000), Relay(None)).rows()
    next(coming)
    assert len(begun()) == 1
    coming.close()  # pyright: ignore[reportAttributeAccessIssue]
    assert begun() == []


def test_one_that_is_ended_from_outside_stops_the_load():
    coming = aside(batch_of(100_000), Relay(None)).rows()
    next(coming)
    [process] = begun()
    process.kill()
    with pytest.raises(LoadStopped, match="load the same file again"):
        list(coming)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_it_leaves_being_stopped_to_whoever_takes_its_rows(sign: signal.Signals):
    coming = aside(batch_of(20_000), Relay(None)).rows()
    next(coming)
    [process] = begun()
    process.send_signal(sign)
    assert len(list(coming)) == 18_000 - 1


LOADER = """
import sys, time
from loaders.aside import Relay
from tests.test_aside import aside, batch_of
coming = aside(batch_of(100_000), Relay(None)).rows()
next(coming)
print("go", flush=True)
time.sleep(60)
"""


FAILING = """
from loaders.aside import Relay
from tests.test_aside import aside, batch_of
coming = aside(batch_of(100_000), Relay(None)).rows()
next(coming)
raise ZeroDivisionError("while the rows are held by a frame that is kept")
"""


def test_who_takes_its_rows_may_fail():
    ended = subprocess.run(
        [sys.executable, "-c", FAILING], capture_output=True, text=True, cwd=ROOT, timeout=60
    )
    assert "ZeroDivisionError" in ended.stderr
    assert "ForkProcess" not in ended.stderr


def test_it_does_not_outlive_who_takes_its_rows():
    run = [sys.executable, "-c", LOADER]
    taker = subprocess.Popen(run, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert taker.stdout
    assert taker.stdout.readline() == "go\n"
    [process] = psutil.Process(taker.pid).children()
    taker.kill()
    taker.wait()
    process.wait(20)
    taker.stdout.close()


def told(kind: Kind, path: Path) -> tuple[Batch | None, object]:
    """A file read, and all that a check of it says in the end; or an error."""
    try:
        batch = read(kind.name, path, kind.source.id, EXTRACTED)
        return batch, check(batch, "383").model_dump()
    except BadInput as error:
        return None, str(error)


@pytest.mark.parametrize("shape", [name for kind in KINDS.values() for name in kind.shapes])
def test_every_kind_says_the_same_in_a_process_of_its_own(
    shape: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    files = Files(tmp_path / "good")
    kind = files.kind(shape)
    paths = [files.good(shape), *(files.spoilt(shape, n, tmp_path / str(n))[0] for n in range(4))]
    here = [told(kind, path) for path in paths]
    monkeypatch.setattr(loaders, "is_worth_it", lambda path: True)
    there = [told(kind, path) for path in paths]
    assert [said for _, said in there] == [said for _, said in here]
    apart = {batch is not None and isinstance(batch.stream, Aside) for batch, _ in there}
    # Three kinds are read as a whole, and have no stream.
    assert (True in apart) == (kind.name not in ("annex-a", "cpis", "openreferral"))
    assert begun() == []


def test_a_row_is_planned_as_one_that_is_read_here():
    here, there = batch_of(1_000), aside(batch_of(1_000), Relay(None))
    drafting = Drafting(EXTRACTED, "383")
    assert list(there.each(drafting)) == list(here.each(drafting))


def test_a_small_file_is_read_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1})
    (tmp_path / "a.csv").write_bytes(b"x" * (LEAST // 2))
    assert not is_worth_it(tmp_path)
    (tmp_path / "b.csv").write_bytes(b"x" * (LEAST // 2))
    assert is_worth_it(tmp_path)
    assert not is_worth_it(tmp_path / "a.csv")
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0})
    assert not is_worth_it(tmp_path)
