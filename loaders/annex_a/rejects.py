"""The rejected rows of Annex A as a workbook of the same lists, to repair and send back."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from graph import Fault
from loaders.annex_a.line import ListSheet
from loaders.annex_a.lists import REPEAT
from loaders.reject_files import private_workbook
from loaders.rejects import REASON, reasons
from loaders.sheet_days import kept

_DAYS = ("birth_date", "start", "end", "since")
_NEVER = ("eligibility", REPEAT)


def write(path: Path, sheets: Iterable[ListSheet], faults: Sequence[Fault]) -> Path:
    """Write the rows that have faults to a workbook that only its owner can read.

    path: to write. sheets: as they were read. faults: theirs.
    Return the path. Raise BadInput where it cannot be written.
    """
    wanted = reasons(faults)
    records = {(f.file, f.line): f.record or "" for f in faults if f.table == "involvements"}
    found = (at for at in sheets if at.file in wanted)
    return private_workbook(
        path, ((_title(at), _rows(at, wanted[at.file], records)) for at in found)
    )


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
    place = at.places[column]
    return None if column in _NEVER else kept(at.sheet, line, place, column in _DAYS)
