"""signpost bench memory: the most that a load takes, in a process of its own, whatever the file's size."""

import tempfile
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from graph import Connection, Graph, Keyring
from loaders import read
from signpost.bench import bare
from signpost.bench.crowds import Crowd
from signpost.bench.figures import BROKER, Figure, Scratch
from signpost.bench.made import EXTRACTED, KINDS, STEWARD, Kind

# Kinds whose files are held to it, and of how many rows: one of a million takes half an hour and more.
STREAMED = {"csv": 1_000_000, "ssd": 100_000}
SMALL, QUICK = 10_000, 40_000  # rows
ROWS = 5  # of each child
SAMPLED = 0.02  # seconds from one look to the next
COUNTED = 25  # looks until processes are counted anew, which takes longer than a look
MEGABYTE = 1_000_000


class Peak(NamedTuple):
    """The most that was resident, in bytes, and how many rows were read meanwhile."""

    resident: int
    rows: int


def bench_memory(place: Scratch, quick: bool, progress: Any) -> tuple[list[Figure], str]:
    """The peak of resident memory of a load of many rows beside that of few; Python's processes alone.

    Both are of children of all ages and from all over England: of three towns, as in other benches,
    200,000 would each be compared with some fifty others, and take hours.
    Return the figures, and a sentence on the sizes. Quick: csv alone, and fewer rows.
    """
    figures, sizes = [], []
    with tempfile.TemporaryDirectory(prefix="signpost-bench-") as name:
        for kind, many in _wanted(quick):
            place.graph.load(STEWARD, kind.source)
            few, most = (
                _peak(place, kind, Path(name) / f"{kind.name} {rows}", rows, progress)
                for rows in (SMALL, many)
            )
            sizes.append(f"{kind.name} {few.rows:,} and {most.rows:,} rows")
            case, beside = f"{kind.name}, {many:,} rows", f"{SMALL:,} rows"
            megabytes = most.resident / MEGABYTE, few.resident / MEGABYTE
            figures.append(Figure("memory", case, "MB", *megabytes, beside))
    return figures, "; ".join(sizes)


def _wanted(quick: bool) -> list[tuple[Kind, int]]:
    whole = [(KINDS[name], rows) for name, rows in STREAMED.items()]
    return [(whole[0][0], QUICK)] if quick else whole


def _peak(place: Scratch, kind: Kind, folder: Path, rows: int, progress: Any) -> Peak:
    path = kind.write(folder, Crowd(rows // ROWS, wide=True))
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    told = (theirs, place.connection, place.keyring.keys, kind.name, path)
    process = context.Process(target=load_alone, args=told)
    process.start()
    try:
        theirs.close()
        peak = watch(process.pid or 0, ours, lambda: progress(f"{kind.name} {rows:,} rows", 0, 0))
    finally:
        process.join()
    bare.empty(place.store)
    return peak


def watch(pid: int, pipe: Any, tick: Any) -> Peak:
    """Look at a process, and those that it begins, from its first word through the pipe to its second.

    Its second word is how many rows it read. What processes share is counted with each of them.
    """
    process, most = psutil.Process(pid), 0
    pipe.recv()
    family, looks = [process], 0
    while not pipe.poll(SAMPLED):
        if looks % COUNTED == 0:
            family = [process, *process.children()]
        most, looks = max(most, sum(map(_resident, family))), looks + 1
        tick()
    return Peak(most, pipe.recv())


def _resident(process: psutil.Process) -> int:
    with suppress(psutil.NoSuchProcess):
        return process.memory_info().rss
    return 0


def load_alone(
    pipe: Any, connection: Connection, keys: dict[str, bytes], kind: str, path: Path
) -> None:
    """Load a file in this process, with a word through the pipe before, and its rows after."""
    graph = Graph(connection, Keyring(keys), BROKER)
    try:
        pipe.send("begin")
        batch = read(kind, path, KINDS[kind].source.id, EXTRACTED)
        pipe.send(graph.load(STEWARD, batch).read)
    finally:
        graph.close()
