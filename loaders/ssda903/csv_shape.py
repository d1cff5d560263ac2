"""The return as CSV: a folder, a zip, or one table alone; of each line only what is read is kept."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from sys import intern
from typing import NamedTuple

from openpyxl.utils.datetime import WINDOWS_EPOCH

from graph import BadInput
from loaders.batches import Progress, Ticker
from loaders.csv_set import CsvFile, csv_set
from loaders.csv_text import Record
from loaders.sheet import Sheet
from loaders.ssda903.tables import Found, Head, Kind, Table, head_of

MOST_ROWS = 500_000


class Place(NamedTuple):
    """A file of the set, with what its header says and how many cells it has."""

    file: CsvFile
    head: Head
    width: int


def kinds(path: Path) -> list[Kind]:
    """Which tables a set holds, by the headers of those files that can be read."""
    found = []
    for file in csv_set(path):
        try:
            place = _place(file)
        except BadInput:
            continue
        if place and place.head.kind:
            found.append(place.head.kind)
    return found


def tables(path: Path, progress: Progress | None) -> Found:
    """Read the tables of a set, in the order of the names of their files.

    Return them. Raise BadInput where a file is not CSV, or lacks a column.
    """
    files = csv_set(path)
    places = [_place(file) for file in files]
    strange = [
        (file.name, 1, "", "has the columns of no table of SSDA903 and was not read")
        for file, place in zip(files, places, strict=True)
        if place is None
    ]
    wanted = [place for place in places if place and place.head.kind]
    problems = [f"{place.file.name} {say}" for place in wanted for say in place.head.problems]
    if problems:
        raise BadInput("\n".join(problems))
    ticker = Ticker(progress, sum(place.file.size for place in wanted))
    read = [_table(place, ticker.share(place.file.name, place.file.size)) for place in wanted]
    held = tuple(table.kind for table in read)
    rejects = any(place.head.rejects for place in wanted)
    unread = [name for place in wanted for name in place.head.unread]
    return Found([read], held, rejects, strange, [], unread)


def _place(file: CsvFile) -> Place | None:
    first = file.header()
    head = head_of(first.cells) if first else None
    return Place(file, head, len(first.cells)) if head and first else None


def _table(place: Place, tick: Callable[[int], None]) -> Table:
    kind = place.head.kind
    assert kind is not None
    rows, origins, uneven = [], [], set()
    for record in _records(place, tick):
        rows.append(_kept(record, place.head.places.values()))
        origins.append((place.file.name, record.first))
        if not _even(record, place.width):
            uneven.add(len(rows))
    columns = {name: number for number, name in enumerate(place.head.places, 1)}
    sheet = Sheet(place.file.name, rows, WINDOWS_EPOCH)
    return Table(kind, sheet, columns, 1, origins, frozenset(uneven))


def _records(place: Place, tick: Callable[[int], None]) -> Iterator[Record]:
    """The records below the header."""
    records = place.file.records(tick)
    next(records, None)
    for number, record in enumerate(records, 1):
        if number > MOST_ROWS:
            raise BadInput(f"{place.file.name} has more than {MOST_ROWS:,} rows, as no return has")
        yield record


def _kept(record: Record, places: Iterable[int]) -> tuple[str, ...]:
    """What is read of a row; what a return says again and again, as days and codes, is held once."""
    cells = record.cells
    return tuple(intern(cells[place - 1]) if place <= len(cells) else "" for place in places)


def _even(record: Record, width: int) -> bool:
    """Whether a row has the cells of its header; empty ones after the last do no harm."""
    return len(record.cells) >= width and not any(map(str.strip, record.cells[width:]))
