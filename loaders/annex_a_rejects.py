"""The rejected rows of Annex A as a workbook of the same lists, to repair and send back."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, cast

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from graph import Fault
from loaders.annex_a_line import ListSheet
from loaders.annex_a_lists import REASON, REPEAT
from loaders.days import day
from loaders.rejects import private_file, reasons
from loaders.sheet import Unsaved

_DAYS = ("birth_date", "start", "end", "since")
_NEVER = ("eligibility", REPEAT)


def private_workbook(path: Path, sheets: Iterable[ListSheet], faults: Sequence[Fault]) -> Path:
    """Write the rows that have faults to a workbook that only its owner can read.

    path: to write. sheets: as they were read. faults: theirs.
    Return the path. Raise BadInput where it cannot be written.
    """
    wanted = reasons(faults)
    records = {(f.file, f.line): f.record or "" for f in faults if f.table == "involvements"}
    book = openpyxl.Workbook(write_only=True)
    for at in sheets:
        if at.file in wanted:
            sheet = book.create_sheet(_title(at))
            for row in _rows(at, wanted[at.file], records):
                sheet.append([_cell(sheet, value) for value in row])
    with private_file(path) as file:
        book.save(file)
    return path


def _title(at: ListSheet) -> str:
    fits = re.fullmatch(r"[^\\*?:/\[\]]{1,31}", at.sheet.title)
    return at.sheet.title if fits else f"List {at.list.number}"


def _rows(
    at: ListSheet, wanted: dict[int, str], records: dict[tuple[str, int], str]
) -> Iterator[list[Any]]:
    columns = [column for column in at.places if column != REPEAT]
    yield [*(at.title(column) for column in columns), REASON.title(), REPEAT.title()]
    for line, why in sorted(wanted.items()):
        cells = [_value(at, line, column) for column in columns]
        _, _, number = records.get((at.file, line), "").partition("#")
        yield [*cells, why, int(number) if number else None]


def _value(at: ListSheet, line: int, column: str) -> Any:
    """What the row says: a formula's date where it has one, else what was written."""
    if column in _NEVER:
        return None
    place = at.places[column]
    try:
        if column in _DAYS:
            return day(at.sheet, line, place)
    except ValueError:
        pass
    try:
        return at.sheet.value(line, place)
    except Unsaved:
        return at.sheet.written(line, place)


def _cell(sheet: Any, value: Any) -> Any:
    """A cell to write; a text stays a text, even where it would be a formula."""
    if isinstance(value, bool | int | float | date | None):
        return WriteOnlyCell(sheet, cast("Any", value))
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub(" ", str(value)))
    cell.data_type = "s"
    return cell
