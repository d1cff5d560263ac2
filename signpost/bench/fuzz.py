"""signpost bench fuzz: spoilt files of every kind, each refused with a sentence or taken row by row."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from graph import LoadReport
from signpost.bench.crowds import Crowd
from signpost.bench.examining import Finding, Load, examine, examine_kind, examine_rejects
from signpost.bench.figures import Figure, Scratch
from signpost.bench.made import KINDS, STEWARD, Kind
from signpost.bench.spoiling import spoil

QUICK, WHOLE = 3_000, 100_000  # spoilt rows
CHILDREN = 12  # in each file
REPEATS = 5  # of the files as they were, to be held beside
OUTCOMES = ("new", "changed", "unchanged", "ended", "rejected", "for_review")


@dataclass
class Ledger:
    """What became of the files so far.

    good: of each shape, the rows that its file has, and the seconds that they take, before it is spoilt.
    spoilt: rows that were touched, of a file at most as many as it has. refused: files, and refused_rows
    what they had; rejects_refused: files of rejects that are refused as they are. checked, loaded: rows by
    outcome, without and with the door.
    """

    good: dict[str, tuple[int, float]]
    files: int = 0
    spoilt: int = 0
    rows: int = 0
    refused: int = 0
    refused_rows: int = 0
    rejects_refused: int = 0
    seconds: float = 0.0
    seconds_of_good: float = 0.0
    checked: Counter[str] = field(default_factory=Counter)
    loaded: Counter[str] = field(default_factory=Counter)

    def add(self, shape: str, touched: int, report: LoadReport | None) -> None:
        """Count a file that was examined without the door."""
        rows, seconds = self.good[shape]
        self.files += 1
        self.spoilt += min(touched, rows)
        self.rows += rows
        self.seconds_of_good += seconds
        if report is None:
            self.refused += 1
            self.refused_rows += rows
        else:
            self.checked.update(taken=report.read - report.rejected, rejected=report.rejected)


class Files:
    """Small good files of every shape, from which spoilt ones are made, the same for the same seed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.shapes = {
            name: (kind, write) for kind in KINDS.values() for name, write in kind.shapes.items()
        }
        self._good: dict[str, Path] = {}

    def kind(self, shape: str) -> Kind:
        """The kind of a shape."""
        return self.shapes[shape][0]

    def good(self, shape: str) -> Path:
        """The file as it was."""
        if shape not in self._good:
            crowd = Crowd(CHILDREN, strange=True)
            self._good[shape] = self.shapes[shape][1](self._folder / shape / "in", crowd)
        return self._good[shape]

    def spoilt(self, shape: str, seed: int, place: Path) -> tuple[Path, int]:
        """Copy the file into an empty place and spoil it; return its path, and how many rows were touched."""
        good = self.good(shape)
        place.mkdir(parents=True)
        path = place / good.name
        shutil.copytree(good, path) if good.is_dir() else shutil.copy(good, path)
        return path, spoil(Random(f"{shape} {seed}"), path)  # noqa: S311


def bench_fuzz(place: Scratch, quick: bool, progress: Any) -> tuple[list[Figure], str]:
    """Spoil files until so many rows were touched, and hold the loaders and the door to their words.

    Return rows a second and the share of each outcome, and a sentence on the sizes. Raise Finding, with
    the shape and the seed that show it, at the first file of which something does not hold.
    """
    wanted = QUICK if quick else WHOLE
    with tempfile.TemporaryDirectory(prefix="signpost-bench-") as name:
        files = Files(Path(name) / "good")
        ledger = Ledger(good=_good(files))
        for kind in KINDS.values():
            place.graph.load(STEWARD, kind.source)
            examine(kind, files.good(kind.name), _door(place))
        shapes = list(files.shapes)
        for seed in count():
            for shape in shapes:
                run(files, shape, seed, Path(name) / "spoilt", ledger)
            chosen = shapes[seed % len(shapes)]
            run(files, chosen, seed, Path(name) / "spoilt", ledger, _door(place))
            progress("spoilt rows", min(ledger.spoilt, wanted), wanted)
            if ledger.spoilt >= wanted:
                break
    said = (
        f"{ledger.spoilt:,} spoilt rows in {ledger.files:,} files of {len(files.shapes)} shapes; refused "
        f"whole {ledger.refused:,}, and {ledger.rejects_refused:,} files of rejects before repair; "
        f"{ledger.loaded['files']:,} files twice through the door"
    )
    return list(_figures(ledger)), said


def run(
    files: Files, shape: str, seed: int, place: Path, ledger: Ledger, load: Load | None = None
) -> None:
    """Spoil one file and examine it; with `load`, twice through the door, the second time unchanged.

    Raise Finding with the shape and the seed.
    """
    kind = files.kind(shape)
    try:
        path, touched = files.spoilt(shape, seed, place)
        start = perf_counter()
        report = examine(kind, path, load)
        if load is None:
            ledger.seconds += perf_counter() - start
            ledger.add(shape, touched, report)
            examine_kind(kind, path)
            if report:
                kept = examine_rejects(kind, path, report.faults, place / "rejects")
                ledger.rejects_refused += not kept
        elif report:
            ledger.loaded.update({name: getattr(report, name) for name in ("read", *OUTCOMES)})
            ledger.loaded["files"] += 1
            _same_again(report, examine(kind, path, load))
    except Finding as found:
        raise Finding(f"{shape}, seed {seed}: {found}; fuzz.show({shape!r}, {seed})") from found
    finally:
        shutil.rmtree(place, ignore_errors=True)


def show(shape: str, seed: int, place: Path = Path("spoilt")) -> None:
    """Leave the spoilt file of a finding in a folder, and let what was found be raised anew."""
    with tempfile.TemporaryDirectory() as name:
        files = Files(Path(name))
        path, _ = files.spoilt(shape, seed, place)
        kind = files.kind(shape)
        if report := examine(kind, path):
            examine_rejects(kind, path, report.faults, place / "rejects")
        examine_kind(kind, path)


def _door(place: Scratch) -> Load:
    return lambda batch: place.graph.load(STEWARD, batch, accept_drop=True)


def _good(files: Files) -> dict[str, tuple[int, float]]:
    """Of each shape the rows of its good file, none of them rejected, and the seconds of reading them."""
    found = {}
    for shape in files.shapes:
        kind, path = files.kind(shape), files.good(shape)
        start = perf_counter()
        reports = [examine(kind, path) for _ in range(REPEATS)]
        seconds = (perf_counter() - start) / REPEATS
        read = [report.read for report in reports if report and not report.rejected]
        if len(read) < REPEATS:
            raise Finding(f"{shape}: the file is refused before it is spoilt")
        found[shape] = read[0], seconds
    return found


def _same_again(first: LoadReport, again: LoadReport | None) -> None:
    if again is None or again.new or again.changed or again.ended:
        raise Finding("the same file again changes something")
    taken = first.new + first.changed + first.unchanged
    if (again.unchanged, again.rejected) != (taken, first.rejected):
        raise Finding("the same file again has other rows")


def _figures(ledger: Ledger) -> Iterator[Figure]:
    rate, before = ledger.rows / ledger.seconds, ledger.rows / ledger.seconds_of_good
    yield Figure("fuzz", "read and checked", "rows/s", rate, before, "unspoilt")
    checked = {**ledger.checked, "in files refused whole": ledger.refused_rows}
    every = sum(checked.values())
    for case, rows in checked.items():
        yield Figure("fuzz", f"checked: {case}", "rows", rows, every, "all rows")
    for case in OUTCOMES:
        rows, read = ledger.loaded[case], ledger.loaded["read"]
        yield Figure("fuzz", f"loaded: {case.replace('_', ' ')}", "rows", rows, read, "rows read")
