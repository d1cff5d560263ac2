"""The schools register of England, Get Information about Schools, as docs/gias.md says."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from graph import BadInput, Batch, Fault, Row
from loaders.batches import Progress, Ticker, begin
from loaders.csv_text import Record
from loaders.gias.files import GROUPS, LINKS, SCHOOLS, Part, Register, Shape, find
from loaders.gias.links import Links
from loaders.gias.schools import Schools
from loaders.rejects import REASON, private_csv, reasons
from loaders.tally import Tally

FEED = "gias"
_TABLES = {SCHOOLS: "services", LINKS: "successors"}
# Of a record with too few or too many cells only what proves itself is written out again: the cell in
# another column's place may be a head teacher's name.
_SURE = {"URN", "LA (code)", "LinkURN"}


def read(
    path: Path, source: str, extracted: date, full: bool = True, progress: Progress | None = None
) -> Batch:
    """Read the register and its links.

    path: a CSV file, or a folder or zip of several. full: False where it only adds and corrects; a
    file of rejects makes it so.
    Return a batch whose rows are read as they are asked for, with a fault for each cell that is not
    taken. Raise BadInput where a file cannot be used.
    """
    batch = begin(FEED, source, extracted, full)
    register = find(path)
    tables = tuple(table for shape, table in _TABLES.items() if register.of(shape))
    if not tables:
        raise BadInput(
            f"{path.name} holds only groups of schools, which are not read: add edubasealldata.csv"
        )
    faults: list[Fault] = []
    warnings = register.warnings
    return batch.model_copy(
        update={
            "stream": _stream(register, extracted, faults, warnings, progress),
            "tables": tables,
            "full": full and not any(part.rejects for part in register.parts),
            "faults": faults,
            "warnings": warnings,
            "unread": [name for part in register.parts for name in part.unread],
        }
    )


def _stream(
    register: Register,
    extracted: date,
    faults: list[Fault],
    warnings: list[Fault],
    progress: Progress | None,
) -> Iterator[Row]:
    parts = [*register.of(SCHOOLS), *register.of(LINKS)]
    ticker, tally = Ticker(progress, sum(part.file.size for part in parts)), Tally(warnings)
    schools, links = Schools(extracted, faults, tally), Links(faults, tally)
    for part in parts:
        tick = ticker.share(part.file.name, part.file.size)
        if part.shape is SCHOOLS:
            yield from schools.read(part, tick)
        else:
            links.take(part, tick)
    yield from links.rows(schools.left_out)
    tally.end()


def knows(path: Path) -> str | None:
    """Say by the columns which files of the register these are; None where they are none."""
    try:
        register = find(path)
    except (BadInput, OSError):
        return None
    named = [shape.name for shape in (SCHOOLS, LINKS, GROUPS) if register.of(shape)]
    return f"it has the columns of the schools register's {' and '.join(named)}"


def reject(path: Path, faults: Sequence[Fault], target: Path) -> Path | None:
    """Write the rejected records to repair, with a column that says why.

    path: what was read. target: the folder to write, made where it is absent.
    Return the folder to load after repair, its files their owner's only and with no other columns than
    those that are read; None where no row was rejected. Raise BadInput as `read` does, and where a file
    is in the target already.
    """
    wanted = reasons(faults)
    register = find(path)
    for shape in _TABLES:
        parts = [part for part in register.of(shape) if part.file.name in wanted]
        if parts:
            private_csv(target / f"{shape.name}.csv", _rejected(shape, parts, wanted))
    return target if any(part.file.name in wanted for part in register.parts) else None


def _rejected(
    shape: Shape, parts: list[Part], wanted: dict[str, dict[int, str]]
) -> Iterator[list[str]]:
    yield [*shape.columns, REASON]
    for part in parts:
        why = wanted[part.file.name]
        for record in part.records():
            if record.first in why:
                cells = (_cell(part, record, column) for column in shape.columns)
                yield [*cells, why[record.first]]


def _cell(part: Part, record: Record, column: str) -> str:
    place = part.places.get(column, len(record.cells))
    if place >= len(record.cells):
        return ""
    cell = record.cells[place].strip()
    whole = len(record.cells) == part.width
    return cell if whole or (column in _SURE and cell.isdigit()) else ""
