"""One row of one list of Annex A: what its cells say, what is wrong with them, and what is odd."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError

from graph import Identity, Sex, authority_of, explain
from loaders import cells
from loaders.annex_a.lists import AnnexList
from loaders.sheet import Sheet, Unsaved, of_cell
from loaders.sheet_days import day


@dataclass(frozen=True)
class ListSheet:
    """A list in its sheet: the row of its header, and where each column stands."""

    list: AnnexList
    sheet: Sheet
    file: str
    header: int
    places: dict[str, int]

    def filled(self) -> Iterator[int]:
        """The rows below the header that hold anything in the columns that are read."""
        read = [place for column, place in self.places.items() if column in _READ]
        rows = range(self.header + 1, len(self.sheet.rows) + 1)
        return (row for row in rows if not self.sheet.blank(row, read))

    def title(self, column: str) -> str:
        """The header of a column as the sheet has it, with single spaces."""
        return cells.words(self.sheet.rows[self.header - 1][self.places[column] - 1])


@dataclass
class Line:
    """What a row says: values by column, and sentences on those that are wrong or odd."""

    at: ListSheet
    number: int
    identity: Identity = field(default_factory=Identity)
    values: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    odd: dict[str, str] = field(default_factory=dict)

    @property
    def base(self) -> str | None:
        """The record id before any repeat, as L6:1234:2026-03-04; None where it cannot be read."""
        if {"child", "start"} & self.wrong.keys():
            return None
        start = self.values.get("start")
        return f"L{self.at.list.number}:{self.values['child']}:{start or '-'}"

    def open_on(self, day: date) -> bool:
        """True where the involvement has no end, or one that is still to come."""
        end = self.values.get("end")
        return end is None or end > day


def read_line(at: ListSheet, number: int, extracted: date) -> Line:
    """Read one row.

    at: the sheet. number: the row, as Excel counts. extracted: the day of the extract.
    Return what it says.
    """
    line = Line(at, number)
    for column, place in at.places.items():
        if column in _READ:
            _read(line, column, place)
    if line.values.get("child") is None:
        line.wrong.setdefault("child", "is missing")
    _know(line)
    _compare(line, extracted)
    return line


def _authority(value: Any) -> str | None:
    """The number of an authority, however it is written; none where the placement is confidential."""
    text = cells.code(value) or ""
    if not re.search(r"\w", text) or re.match(r"con\b|confidential", text, re.I):
        return None
    found = authority_of(text)
    if found is None:
        raise ValueError("is not the name or number of an authority that is known")
    return found.number


_READ: dict[str, Callable[[Sheet, int, int], Any]] = {
    "child": of_cell(cells.identifier),
    "birth_date": day,
    "sex": of_cell(cells.sex),
    "start": day,
    "end": day,
    "nfa": of_cell(cells.yes),
    "team": of_cell(cells.label),
    "organisation": of_cell(cells.label),
    "worker": of_cell(cells.person),
    "adviser": of_cell(cells.person),
    "placed": of_cell(_authority),
    "since": day,
    "repeat": of_cell(cells.count),
}
_SPARED = ("team", "organisation", "worker", "adviser", "placed", "since")


def _read(line: Line, column: str, place: int) -> None:
    """Read one cell; what the involvement holds without is odd, and not wrong, if it cannot be used."""
    try:
        line.values[column] = _READ[column](line.at.sheet, line.number, place)
    except Unsaved as error:
        line.wrong[column] = str(error)
    except ValueError as error:
        said = line.odd if column in _SPARED else line.wrong
        said[column] = f"{error}; the row is taken without it" if said is line.odd else str(error)


def _know(line: Line) -> None:
    try:
        line.identity = Identity(
            birth_date=line.values.get("birth_date"), sex=line.values.get("sex") or Sex.UNKNOWN
        )
    except ValidationError as error:
        for _, sentence in explain(error, Identity):
            line.wrong.setdefault("birth_date", sentence)


def _compare(line: Line, extracted: date) -> None:
    start, end = line.values.get("start"), line.values.get("end")
    born = line.identity.birth_date
    if start and end and end < start:
        line.wrong.setdefault("end", "is before the start")
    if start and start > extracted:
        line.odd["start"] = "is after the date of the extract; the row is taken"
    elif start and born and start < born - timedelta(days=line.at.list.unborn):
        line.odd["start"] = "is before the child was born; the row is taken"
    since = line.values.get("since")
    if since and not (start or since) <= since <= (end or extracted):
        line.values["since"] = None
        line.odd["since"] = "is not within the time in care; the row is taken without it"
