"""The SSDA903 return on looked-after children: CSV set, workbook or XML, as docs/ssda903.md says."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from graph import Batch, ChildRow, Fault, Row, uncollected
from loaders.batches import Progress, begin
from loaders.ssda903.children import children
from loaders.ssda903.earlier import earlier
from loaders.ssda903.find import find, knows
from loaders.ssda903.line import Line, child_at, read_line
from loaders.ssda903.rejects import write
from loaders.ssda903.rows import care
from loaders.ssda903.tables import EPISODES, HEADER, PERMANENCE, READ, WORKERS, Found, Kind, Table
from loaders.ssda903.workers import workers
from loaders.tally import Tally

FEED = "ssda903"
# Tables of which several children have the same rows.
_SHARED = ("services", "practitioners")
_ALONE = "has no episode, one of {:,} in this table: left care, or the episode is missing"


def read(
    path: Path, source: str, extracted: date, full: bool = True, progress: Progress | None = None
) -> Batch:
    """Read a return.

    path: a folder or a zip of its tables as CSV, one such table, a workbook, or the XML.
    full: False where it only adds and corrects; a return of rejects makes it so.
    Return a batch whose rows are made child by child as they are asked for, with a fault for each row
    that is not taken, and a warning for what is odd. Raise BadInput where the return cannot be used.
    """
    batch = begin(FEED, source, extracted, full)
    with uncollected():
        found = find(path, progress)
    warnings = [Fault(file=f, line=n, column=c, sentence=s) for f, n, c, s in found.warnings]
    faults: list[Fault] = []
    update = {
        "stream": _stream(found, extracted, faults, warnings),
        "full": full and not found.rejects,
        "tables": tuple(_held(set(found.kinds))),
        "faults": faults,
        "warnings": warnings,
        "unread": found.unread,
    }
    return batch.model_copy(update=update)


def reject(path: Path, faults: Sequence[Fault], target: Path) -> Path | None:
    """Write the rejected rows to repair, in the same shape and each with its reason.

    path: the return that was read. target: the folder to write, made where it is absent.
    Return what to load after repair, its owner's only; None where no row was rejected. Raise BadInput
    as `read` does, and where it is there already.
    """
    return write(path, faults, target) if faults else None


def _stream(
    found: Found, extracted: date, faults: list[Fault], warnings: list[Fault]
) -> Iterator[Row]:
    """The rows of one child after another, each record once."""
    tally, shared = Tally(warnings), set[str]()
    cared, alone, first = False, 0, ("", 0, "")
    for own in _by_child(found.parts):
        lines = {kind: [read_line(*at) for at in own if at[0].kind is kind] for kind in READ}
        yield from _once(_made(lines, extracted), shared, faults)
        said = [line for kind in READ for line in lines[kind] if not line.wrong]
        _tell(tally, said)
        cared |= bool(lines[EPISODES])
        heads = [line for line in said if line.table.kind is HEADER]
        if heads and not lines[EPISODES]:
            at = (*heads[-1].place, heads[-1].table.title("CHILD"))
            alone, first = alone + 1, min(first, at) if alone else at
    # Those who left care are in the header, too: it is said once.
    if cared and alone:
        tally.add(*first, _ALONE.format(alone))
    for place in found.later:
        tally.add(*place)
    tally.end()


def _once(made: Iterable[Row | Fault], shared: set[str], faults: list[Fault]) -> Iterator[Row]:
    """The rows of a child, each record once; shared: what other children had; the faults go to `faults`."""
    own = set[str]()
    for one in made:
        if isinstance(one, Fault):
            faults.append(one)
            continue
        met, key = shared if one.table in _SHARED else own, f"{one.table} {one.record}"
        if key not in met:
            met.add(key)
            yield one


def _tell(tally: Tally, lines: list[Line]) -> None:
    for line in lines:
        for column, sentence in line.odd.items():
            tally.add(*line.place, line.table.title(column), sentence)


def _by_child(parts: Iterable[Sequence[Table]]) -> Iterator[list[tuple[Table, int]]]:
    """The rows of each child, of whatever table; one of which the child is not known stands alone."""
    for tables in parts:
        known: dict[str, list[tuple[Table, int]]] = defaultdict(list)
        strays = []
        for table in tables:
            for number in table.filled():
                child = child_at(table, number)
                (known[child] if child else strays).append((table, number))
        yield from known.values()
        yield from ([stray] for stray in strays)


def _made(lines: dict[Kind, list[Line]], extracted: date) -> Iterator[Row | Fault]:
    """The rows of one child, and the faults."""
    known = list(children(lines[HEADER]))
    born = {
        row.record: row.identity.birth_date
        for row in known
        if isinstance(row, ChildRow) and row.identity.birth_date
    }
    yield from known
    yield from care(lines[EPISODES], born, extracted)
    yield from workers(lines[WORKERS])
    yield from earlier(lines[PERMANENCE])


def _held(kinds: set[Kind]) -> Iterator[str]:
    """The tables in which what is missing from a full return has ended."""
    if HEADER in kinds:
        yield "children"
    if EPISODES in kinds:
        yield "involvements"
    if WORKERS in kinds:
        yield from ("practitioners", "allocations")
    if {EPISODES, PERMANENCE} <= kinds:
        yield "pointers"


__all__ = ["FEED", "knows", "read", "reject"]
