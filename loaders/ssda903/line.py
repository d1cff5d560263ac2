"""One row of a table of the return: what its cells say, what is wrong with them, and what is odd."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from graph import ChangeReason, Fault, Period
from loaders import cells
from loaders.identities import upn
from loaders.sheet import Sheet, of_cell
from loaders.sheet_days import day
from loaders.ssda903.tables import Table


@dataclass(slots=True)
class Line:
    """What a row says: values by column, and sentences on those that are wrong or odd."""

    table: Table
    number: int
    values: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    odd: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> tuple[str, int]:
        """The file and the line, as an editor counts."""
        return self.table.origins[self.number - 1]

    @property
    def child(self) -> str | None:
        """The child's id; None where it cannot be read."""
        return None if "CHILD" in self.wrong else self.values.get("CHILD")

    def fault(
        self, column: str, sentence: str, table: str = "", record: str | None = None
    ) -> Fault:
        """A fault, or a warning, of this row."""
        file, line = self.place
        title = self.table.title(column) if column else ""
        return Fault(
            file=file, line=line, column=title, sentence=sentence, table=table, record=record
        )


def read_line(table: Table, number: int) -> Line:
    """Read one row of a table; number: as its sheet counts. Return what it says."""
    line = Line(table, number)
    if number in table.uneven:
        line.wrong[""] = "has not as many cells as the header"
        return line
    for column in table.kind.columns:
        _read(line, column, table.places[column])
    if line.values.get("CHILD") is None:
        line.wrong.setdefault("CHILD", "is missing")
    return line


def child_at(table: Table, number: int) -> str | None:
    """The child's id in a row, and nothing else of it; None where it cannot be read."""
    try:
        return (
            None if number in table.uneven else _child(table.sheet, number, table.places["CHILD"])
        )
    except ValueError:
        return None


def _read(line: Line, column: str, place: int) -> None:
    """Read one cell; the row holds without some columns, and what is wrong with these is odd."""
    sheet = line.table.sheet
    try:
        line.values[column] = _READ[column](sheet, line.number, place)
    except ValueError as error:
        said = line.odd if column in _SPARED else line.wrong
        said[column] = f"{error}; the row is taken without it" if said is line.odd else str(error)
    else:
        if _READ[column] is day and _counts_days(sheet.base(line.number, place)[0]):
            line.odd[column] = "is a number of days, as Excel counts; it is taken as a date"


def _counts_days(value: Any) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"\s*\d{5}(\.0+)?\s*", value))


def _urn(value: Any) -> str | None:
    """Ofsted's number of a home; XXXXXXX is written where there is none."""
    text = cells.code(value)
    if text is None or set(text) == {"X"}:
        return None
    if not re.fullmatch(r"(SC)?[0-9]{5,7}", text):
        raise ValueError("is not a number of Ofsted's, as SC012345 or 1234567")
    return text


def _worker(value: Any) -> str | None:
    found = cells.identifier(value)
    return found.upper() if found else None


def _reason(value: Any) -> ChangeReason | None:
    text = cells.code(value)
    if text is not None and text not in set(ChangeReason):
        raise ValueError("is not a code of SW_REASON")
    return ChangeReason(text) if text else None


def _ordered(sheet: Sheet, row: int, place: int) -> Period:
    """A time that ended by a day of which parts may be ZZ, unknown: the latest that it can be."""
    text = cells.words(sheet.value(row, place)).upper()
    parts = re.fullmatch(r"(ZZ|\d\d)/(ZZ|\d\d)/(ZZZZ|\d{4})", text)
    if not parts or "Z" not in text:
        return Period(to=day(sheet, row, place))
    dd, mm, yyyy = parts.groups()
    if yyyy == "ZZZZ":
        return Period()
    year, month = int(yyyy), 12 if mm == "ZZ" else int(mm)
    try:
        latest = monthrange(year, month)[1] if dd == "ZZ" else int(dd)
        return Period(to=date(year, month, latest), to_exact=False)
    except ValueError:
        raise ValueError("is not a date, as 04/03/2026 or ZZ/03/2026") from None


_child = of_cell(cells.identifier)
_READ: dict[str, Callable[[Sheet, int, int], Any]] = {
    "CHILD": _child,
    "SEX": of_cell(cells.sex),
    "DOB": day,
    "UPN": of_cell(upn),
    "DECOM": day,
    "DEC": day,
    "RNE": of_cell(cells.code),
    "LS": of_cell(cells.code),
    "PLACE": of_cell(cells.code),
    "PLACE_PROVIDER": of_cell(cells.code),
    "REC": of_cell(cells.code),
    "URN": of_cell(_urn),
    "SW_ID": of_cell(_worker),
    "SW_DECOM": day,
    "SW_DEC": day,
    "SW_REASON": of_cell(_reason),
    "PREV_PERM": of_cell(cells.code),
    "LA_PERM": of_cell(cells.code),
    "DATE_PERM": _ordered,
}
_SPARED = {"UPN", "URN", "SW_REASON", "DATE_PERM"}
DAYS = {column for column, read in _READ.items() if read in (day, _ordered)}
