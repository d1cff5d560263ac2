"""What limits count: by processes and threads together, until it runs out, in memory alone."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.process import BaseProcess

import pytest

from web import counts as module
from web.counts import Counted, Counts

PROCESSES = 3
TIMES = 500


def copies(counts: Counts, times: int = TIMES) -> list[BaseProcess]:
    """Processes that count, forked as workers are."""
    fork = get_context("fork")
    return [
        fork.Process(target=count_on, args=(counts, times), daemon=True) for _ in range(PROCESSES)
    ]


def count_on(counts: Counts, times: int) -> None:
    """Count from several threads."""
    with ThreadPoolExecutor(4) as pool:
        for _ in pool.map(lambda _: counts.add("nadia.one", 600, 1), range(times)):
            pass


def test_processes_and_threads_count_together() -> None:
    counts = Counts()
    running = copies(counts)
    for process in running:
        process.start()
    for process in running:
        process.join()
    assert counts.said("nadia.one")[0] == PROCESSES * TIMES


def test_one_that_is_killed_as_it_counts_keeps_nobody_waiting() -> None:
    counts = Counts()
    [one, *_] = copies(counts, 10_000_000)
    one.start()
    while counts.said("nadia.one")[0] < TIMES:
        pass
    os.kill(one.pid or 0, signal.SIGKILL)
    one.join()
    before, _ = counts.said("nadia.one")
    assert counts.add("nadia.one", 600, 1) == before + 1


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
    counted.clear("one")
    assert (counted.get("one"), counted.get("two"), counted.check()) == (0, 1, True)
