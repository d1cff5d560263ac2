"""The return as a workbook with a sheet for each table."""

from pathlib import Path
from typing import NamedTuple

from graph import BadInput
from loaders import workbook
from loaders.batches import Progress, Ticker
from loaders.sheet import Sheet
from loaders.ssda903.tables import Found, Head, Kind, Table, head_of


class Place(NamedTuple):
    """A sheet that is a table: what its header says, and in which row that stands."""

    sheet: workbook.Head
    head: Head
    row: int


def kinds(path: Path) -> list[Kind]:
    """Which tables a workbook holds, by the headers of its sheets."""
    found = [_place(sheet) for sheet in workbook.heads(path) if not sheet.hidden]
    return [place.head.kind for place in found if place and place.head.kind]


def tables(path: Path, progress: Progress | None) -> Found:
    """Read the tables of a workbook, in the order of its sheets.

    Return them. Raise BadInput where it cannot be read, or a table lacks a column.
    """
    sheets = workbook.heads(path)
    places = [place for place in map(_place, sheets) if place and place.head.kind]
    hidden = [
        (f"{path.name}/{place.sheet.title}", 1, "", "is hidden and was not read")
        for place in places
        if place.sheet.hidden
    ]
    wanted = [place for place in places if not place.sheet.hidden]
    problems = [
        f"{path.name} {say} in the sheet {place.sheet.title}"
        for place in wanted
        for say in place.head.problems
    ]
    if problems:
        raise BadInput("\n".join(problems))
    read = _read(path, wanted, progress)
    held = tuple(table.kind for table in read)
    rejects = any(place.head.rejects for place in wanted)
    unread = [name for place in wanted for name in place.head.unread]
    return Found([read], held, rejects, hidden, [], unread)


def _place(sheet: workbook.Head) -> Place | None:
    for number, row in enumerate(sheet.rows, 1):
        if head := head_of(row):
            return Place(sheet, head, number)
    return None


def _read(path: Path, wanted: list[Place], progress: Progress | None) -> list[Table]:
    ticker = Ticker(progress, sum(place.sheet.size for place in wanted))
    ticks = {p.sheet.title: ticker.share(p.sheet.title, p.sheet.size) for p in wanted}
    loaded = workbook.load(path, ticks)
    return [_table(path, place, loaded[place.sheet.title]) for place in wanted]


def _table(path: Path, place: Place, sheet: Sheet) -> Table:
    assert place.head.kind is not None
    file = f"{path.name}/{place.sheet.title}"
    origins = [(file, row) for row in range(1, len(sheet.rows) + 1)]
    return Table(place.head.kind, sheet, place.head.places, place.row + 1, origins)
