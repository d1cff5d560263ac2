"""The SSDA903 return on looked-after children: CSV set, workbook or XML, as docs/ssda903.md says."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from graph import Batch, ChildRow, Fault, Row
from loaders.batches import Progress, begin, uncollected
from loaders.ssda903.children import children
from loaders.ssda903.earlier import earlier
from loaders.ssda903.find import find, knows
from loaders.ssda903.line import Line, read_line
from loaders.ssda903.rejects import write
from loaders.ssda903.rows import care
from loaders.ssda903.tables import EPISODES, HEADER, PERMANENCE, READ, WORKERS, Found, Kind
from loaders.ssda903.workers import workers

FEED = "ssda903"
_ALONE = "has no episode, nor have {} others of this table: left care, or the episode is missing"


def read(
    path: Path, source: str, extracted: date, full: bool = True, progress: Progress | None = None
) -> Batch:
    """Read a return.

    path: a folder or a zip of its tables as CSV, one such table, a workbook, or the XML.
    full: False where it only adds and corrects; a return of rejects makes it so.
    Return the rows, a fault for each row that is not taken, and a warning for what is odd.
    Raise BadInput where the return cannot be used.
    """
    batch = begin(FEED, source, extracted, full)
    with uncollected():
        found = find(path, progress)
        lines = _lines(found)
        rows, faults = _made(lines, extracted)
    warnings = [Fault(file=f, line=n, column=c, sentence=s) for f, n, c, s in found.warnings]
    said = [line for own in lines.values() for line in own if not line.wrong]
    warnings += [line.fault(*odd) for line in said for odd in line.odd.items()]
    update = {
        **rows,
        "full": full and not found.rejects,
        "tables": tuple(_held(set(found.kinds))),
        "faults": faults,
        "warnings": warnings,
    }
    return batch.model_copy(update=update)


def reject(path: Path, faults: Sequence[Fault], target: Path) -> Path | None:
    """Write the rejected rows to repair, in the same shape and each with its reason.

    path: the return that was read. target: the folder to write, made where it is absent.
    Return what to load after repair, its owner's only; None where no row was rejected. Raise BadInput
    as `read` does, and where it is there already.
    """
    return write(path, faults, target) if faults else None


def _lines(found: Found) -> dict[Kind, list[Line]]:
    lines: dict[Kind, list[Line]] = {kind: [] for kind in READ}
    for table in found.tables:
        lines[table.kind] += [read_line(table, number) for number in table.filled()]
    return lines


def _made(
    lines: dict[Kind, list[Line]], extracted: date
) -> tuple[dict[str, list[Row]], list[Fault]]:
    """The rows by table, each record once, and the faults."""
    known = list(children(lines[HEADER]))
    born = {
        row.record: row.identity.birth_date
        for row in known
        if isinstance(row, ChildRow) and row.identity.birth_date
    }
    if lines[EPISODES]:
        _note_those_without(lines[HEADER], {line.child for line in lines[EPISODES]})
    rows: dict[tuple[str, str], Row] = {}
    faults: list[Fault] = []
    made = chain(
        known,
        care(lines[EPISODES], born, extracted),
        workers(lines[WORKERS]),
        earlier(lines[PERMANENCE]),
    )
    for one in made:
        if isinstance(one, Fault):
            faults.append(one)
        else:
            rows.setdefault((one.table, one.record), one)
    tables: dict[str, list[Any]] = {table: [] for table, _ in rows}
    for (table, _), row in rows.items():
        tables[table].append(row)
    return tables, faults


def _note_those_without(header: list[Line], children: set[str | None]) -> None:
    """Say once that children have no episode: those who left care are in the header, too."""
    alone = {line.child: line for line in header if not line.wrong and line.child not in children}
    if alone:
        first = min(alone.values(), key=lambda line: line.place)
        first.odd["CHILD"] = _ALONE.format(len(alone) - 1)


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
