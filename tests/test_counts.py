"""What limits count: by processes and threads together, until it runs out, in memory alone."""

from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.connection import Connection
from time import sleep

import pytest

from web import counts as module
from web.counts import Counted, Counts

FORK = get_context("fork")
PROCESSES = 3
TIMES = 500
SECONDS = 60


def count_on(counts: Counts) -> None:
    """Count from several threads."""
    with ThreadPoolExecutor(4) as pool:
        for _ in pool.map(lambda _: counts.add("nadia.one", 600, 1), range(TIMES)):
            pass


def hold(counts: Counts, pipe: Connection) -> None:
    """Say that nobody else can count now, and leave it so."""
    with counts._alone():
        pipe.send("held")
        sleep(SECONDS)


def test_processes_and_threads_count_together() -> None:
    counts = Counts()
    running = [FORK.Process(target=count_on, args=(counts,), daemon=True) for _ in range(PROCESSES)]
    for process in running:
        process.start()
    for process in running:
        process.join(SECONDS)
    assert [process.exitcode for process in running] == [0] * PROCESSES
    assert counts.said("nadia.one")[0] == PROCESSES * TIMES


def test_one_that_is_killed_as_it_counts_keeps_nobody_waiting() -> None:
    counts = Counts()
    ours, theirs = FORK.Pipe()
    holding = FORK.Process(target=hold, args=(counts, theirs), daemon=True)
    holding.start()
    assert ours.recv() == "held"
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(counts.add, "nadia.one", 600, 1)
        assert not waiting.done()
        holding.kill()
        assert waiting.result(SECONDS) == 1
    holding.join(SECONDS)


def test_a_number_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    counts, now = Counts(), 1_000.0
    monkeypatch.setattr(module, "time", lambda: now)
    assert [counts.add("one", 60, 2), counts.add("one", 60, 2)] == [2, 4]
    assert counts.said("one") == (4, 1_060.0)
    now = 1_060.0
    assert counts.said("one") == (0, 1_060.0)
    assert counts.add("one", 60, 1) == 1


def test_where_no_place_is_left_what_runs_out_first_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SLOTS", module.TRIED)
    counts = Counts()
    for n in range(module.TRIED):
        counts.add(f"user {n}", 600 - n, 7)
    counts.add("another", 600, 1)
    kept = [counts.said(f"user {n}")[0] for n in range(module.TRIED)]
    assert kept == [7] * (module.TRIED - 1) + [0]
    assert counts.said("another")[0] == 1


def test_flask_limiter_finds_what_it_wants() -> None:
    counted = Counted("shared://", counts=Counts())
    assert [counted.incr("one", 600), counted.incr("one", 600, 2), counted.incr("two", 600)] == [
        1,
        3,
        1,
    ]
    assert counted.get_expiry("one") > counted.get_expiry("nobody")
    assert (counted.get("one"), counted.get("nobody"), counted.check()) == (3, 0, True)
