"""signpost bench load: rows a second of each kind of file, from the file to the commit of its edges."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from graph import BadInput, LoadReport
from loaders import read
from signpost.bench import bare, neomodel_rows
from signpost.bench.crowds import Crowd
from signpost.bench.figures import Figure, Scratch
from signpost.bench.made import EXTRACTED, KINDS, STEWARD, Kind

BARE = "bare UNWIND"
AGAIN = "csv"  # of this kind the same file is loaded twice
SMALL, LARGER = 50, 2_000  # children whose rows neomodel writes too
WARM = 3_000  # children of the first loads that nobody counts, fewer where it is to be quick
WARM_UPS = (
    4  # such loads: after one alone the server compiles still what it runs, and takes twice as long
)
TURNS = 3  # ours and what it is beside by turns: a machine is slower in one minute than in the next


def bench_load(place: Scratch, quick: bool, progress: Any) -> tuple[list[Figure], str]:
    """Rows a second of each kind, the reading of its file included, beside the bare driver.

    The bare driver writes the same nodes and edges by UNWIND, from memory. Of TURNS turns (quick: one)
    that of the median ratio counts. Return the figures, and a sentence on the sizes and all ratios.
    """
    figures: list[Figure] = []
    sizes: list[str] = []
    with tempfile.TemporaryDirectory(prefix="signpost-bench-") as name:
        folder = Path(name)
        first, loads = (KINDS[AGAIN].quick, 1) if quick else (WARM, WARM_UPS)
        _warm_up(place, folder / "warm", first, loads)
        for done, kind in enumerate(KINDS.values(), start=1):
            count = kind.quick if quick else kind.whole
            turns = _measure(place, kind, folder / kind.name, count, 1 if quick else TURNS)
            figures += turns[len(turns) // 2].figures
            ratios = " ".join(f"{turn.ratio:.2f}x" for turn in turns)
            sizes.append(f"{kind.name} {turns[0].rows:,} rows of {count:,} {kind.of} ({ratios})")
            progress("kinds", done, len(KINDS))
        size, times = (SMALL, 1) if quick else (LARGER, TURNS)
        beside, said = _beside_neomodel(place, folder / "neomodel", size, times)
    return figures + beside, "; ".join([*sizes, said])


def load_file(place: Scratch, kind: Kind, path: Path) -> LoadReport:
    """Read a file and load it; its seconds are those of both."""
    start = perf_counter()
    report = place.graph.load(STEWARD, read(kind.name, path, kind.source.id, EXTRACTED))
    return report.model_copy(update={"seconds": perf_counter() - start})


@dataclass(frozen=True)
class Turn:
    """A kind of file loaded once and written once more by the bare driver: how many rows, and the figures."""

    rows: int
    figures: list[Figure]

    @property
    def ratio(self) -> float:
        """Of the first load, ours beside the bare driver."""
        return _ratio(self.figures[0])


def _measure(place: Scratch, kind: Kind, folder: Path, count: int, turns: int) -> list[Turn]:
    """The turns of one kind, the slowest of ours first."""
    path = kind.write(folder, Crowd(count))
    place.graph.load(STEWARD, kind.source)
    return sorted((_turn(place, kind, path) for _ in range(turns)), key=lambda turn: turn.ratio)


def _turn(place: Scratch, kind: Kind, path: Path) -> Turn:
    loads = {kind.name: load_file(place, kind, path)}
    if kind.name == AGAIN:
        loads[f"{kind.name}, the same file again"] = load_file(place, kind, path)
    rows = loads[kind.name].read
    beside = rows / bare.write_again(place.store)
    bare.empty(place.store)
    figures = [
        Figure("load", case, "rows/s", report.rows_a_second, beside, BARE)
        for case, report in loads.items()
    ]
    return Turn(rows, figures)


def _beside_neomodel(
    place: Scratch, folder: Path, count: int, turns: int
) -> tuple[list[Figure], str]:
    """Our own folder beside neomodel with the same rows; no figures where it is not installed."""
    path = KINDS[AGAIN].write(folder, Crowd(count))
    figures, said = [], []
    for way in neomodel_rows.Way:
        try:
            # What neomodel runs is compiled before, too: its first turn is not counted.
            found = [_rivals(place, path, way) for _ in range(turns + 1)][1:]
        except BadInput as absent:
            return [], str(absent)
        found.sort(key=_ratio)
        figures.append(found[turns // 2])
        said.append(f"{way} {' '.join(f'{_ratio(one):.1f}x' for one in found)}")
    return figures, f"beside neomodel the rows of {count:,} children ({'; '.join(said)})"


def _rivals(place: Scratch, path: Path, way: neomodel_rows.Way) -> Figure:
    """Our own folder written by neomodel, which takes long, and loaded before and after it."""
    kind = KINDS[AGAIN]
    before = _loaded_and_emptied(place, path)
    rows = read(kind.name, path, kind.source.id, EXTRACTED).rows()
    beside = neomodel_rows.write(place.store, rows, way)
    bare.empty(place.store)
    both = [before, _loaded_and_emptied(place, path)]
    ours = sum(one.read for one in both) / sum(one.seconds for one in both)
    case = f"csv beside neomodel, {way}"
    return Figure("load", case, "rows/s", ours, before.read / beside, "create_or_update")


def _loaded_and_emptied(place: Scratch, path: Path) -> LoadReport:
    report = load_file(place, KINDS[AGAIN], path)
    bare.empty(place.store)
    return report


def _ratio(figure: Figure) -> float:
    return figure.ours / figure.beside


def _warm_up(place: Scratch, folder: Path, count: int, loads: int) -> None:
    """Let the server plan and compile what loads and the bare driver run, as one in service has."""
    kind = KINDS[AGAIN]
    path = kind.write(folder, Crowd(count))
    place.graph.load(STEWARD, kind.source)
    for _ in range(loads):
        _turn(place, kind, path)
