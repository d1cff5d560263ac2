"""signpost bench ask: the door's ServiceMapOf beside the bare driver with the same statements."""

import csv
import random
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from graph import FindChild, Graph, Purpose, Role, ServiceMapOf, Settings, Viewer
from graph.store import Store, Transaction
from signpost.bench.askers import askers
from signpost.bench.figures import Figure, Scratch, percentile
from signpost.demo import write_england
from signpost.demo_load import load_england

VIEWER = Viewer(
    id="bench.viewer", role=Role.PRACTITIONER, purpose=Purpose.ASSESSMENT, reference="BENCH-1"
)
ROUNDS = 9  # short ones in turns: a machine's speed changes from minute to minute
Statement = tuple[str, dict[str, Any]]


def bench_ask(place: Scratch, quick: bool, progress: Any) -> tuple[list[Figure], str]:
    """Median and 99th percentile of one service map, and how many a second where many ask at once.

    Return the figures, and a sentence on the sizes.
    """
    children, asks = (500, 400) if quick else (6000, 3000)
    with tempfile.TemporaryDirectory(prefix="signpost-bench-") as name:
        write_england(Path(name), children, seed=1)
        load_england(place.graph, Path(name), progress)
        handles = _handles(place.graph, Path(name), min(asks, 400))
    pairs = []
    for done in range(asks):
        pairs.append(_pair(place, handles[done % len(handles)]))
        progress("asking", done + 1, asks)
    counted = pairs[len(pairs) // 5 :]
    figures = [*_figures(counted), _at_once(place, handles, asks // 3, progress)]
    at_once = f"{ROUNDS} times {asks // 3:,} at once"
    sizes = f"{children:,} children, {len(counted):,} pairs after a warm-up, {at_once}"
    return figures, sizes


def _figures(pairs: list[tuple[float, float]]) -> list[Figure]:
    ours, floor = zip(*pairs, strict=True)
    return [
        Figure("ask", case, "ms", percentile(ours, part), percentile(floor, part), "bare driver")
        for case, part in (("service map p50", 0.5), ("service map p99", 0.99))
    ]


def _at_once(place: Scratch, handles: list[str], asks: int, progress: Any) -> Figure:
    """Service maps a second by many threads, each with its record; the median of several rounds.

    The threads are in as many processes as `signpost run` has where nothing is set, on both sides.
    """
    heard = [_statements(place.graph, handle) for handle in handles]
    ours: list[float] = []
    floor: list[float] = []
    processes = min(place.threads, Settings.read({}).workers)
    with askers(place, processes) as asking:
        for done in range(ROUNDS):
            ours.append(asking.rate(_ask_one, handles, asks))
            floor.append(asking.rate(_bare_one, heard, asks))
            progress(f"asking, {place.threads} threads", done + 1, ROUNDS)
    case = f"service maps, {place.threads} threads in {processes} processes"
    return Figure("ask", case, "asks/s", median(ours), median(floor), "bare driver")


def _ask_one(graph: Graph, _: Store, handle: str) -> None:
    _ask(graph, handle)


def _bare_one(_: Graph, store: Store, statements: list[Statement]) -> None:
    _bare(store, statements)


def _ask(graph: Graph, handle: str) -> None:
    graph.ask(VIEWER, ServiceMapOf(child=handle))


def _statements(graph: Graph, handle: str) -> list[Statement]:
    with _listening() as statements:
        _ask(graph, handle)
    return statements


def _handles(graph: Graph, folder: Path, most: int) -> list[str]:
    rows = [row for path in folder.glob("sources/*/children.csv") for row in _rows(path)]
    numbers = sorted({row["nhs_number"] for row in rows if row["nhs_number"]})
    random.Random(1).shuffle(numbers)  # noqa: S311
    found = [graph.ask(VIEWER, FindChild(nhs_number=number)) for number in numbers[:most]]
    return [child.handle for answer in found for child in answer.children if not child.restricted]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _pair(place: Scratch, handle: str) -> tuple[float, float]:
    """Milliseconds through the door, then of the same statements by the bare driver."""
    with _listening() as statements:
        start = perf_counter()
        _ask(place.graph, handle)
        ours = perf_counter() - start
    start = perf_counter()
    _bare(place.store, statements)
    return ours * 1000, (perf_counter() - start) * 1000


def _bare(store: Store, statements: list[Statement]) -> None:
    """The same statements in one transaction, every row fetched, nothing made of them."""

    def unit(tx: Any) -> None:
        for name, params in statements:
            list(tx.run(store.queries[name].text, _own(params)))

    with store.driver.session(database=store.database) as session:
        session.execute_write(unit)


def _own(params: dict[str, Any]) -> dict[str, Any]:
    if "record" not in params:
        return params
    return {"record": {**params["record"], "id": uuid.uuid4().hex}}


@contextmanager
def _listening() -> Iterator[list[Statement]]:
    """Every statement that the door runs meanwhile, with its parameters."""
    heard: list[Statement] = []
    run = Transaction.run

    def listen(self: Transaction, name: str, /, **params: Any) -> list[dict[str, Any]]:
        heard.append((name, params))
        return run(self, name, **params)

    Transaction.run = listen
    try:
        yield heard
    finally:
        Transaction.run = run
