"""What a date cell of a workbook says: a real date, a text, a number of days, or a formula."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl.utils.datetime import from_excel

from loaders.cells import said
from loaders.sheet import Sheet

# What systems write where there is no date: Excel's day 0, Delphi's, SQL Server's, .NET's.
_NO_DAY = {
    date(1899, 12, 30),
    date(1899, 12, 31),
    date(1900, 1, 1),
    date(1753, 1, 1),
    date(1, 1, 1),
    date(9999, 12, 31),
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CLOCK = r"(?:[T ]\d\d?:\d\d(?::\d\d(?:\.\d+)?)?Z?)?"
_TEXTS = (
    re.compile(rf"(?P<y>\d{{4}})-(?P<m>\d\d?)-(?P<d>\d\d?){_CLOCK}", re.ASCII),
    re.compile(rf"(?P<d>\d\d?)([/-])(?P<m>\d\d?)\2(?P<y>\d{{4}}){_CLOCK}", re.ASCII),
    re.compile(rf"(?P<d>\d\d?)[ -](?P<m>[a-z]{{3,9}})[ -](?P<y>\d{{4}}){_CLOCK}", re.ASCII | re.I),
)
_NOT_A_DAY = "is not a date, as 04/03/2026 or 2026-03-04"


def day(sheet: Sheet, row: int, column: int) -> date | None:
    """Read a cell as a date.

    Return it; None where the cell is empty or says that there is none, as 1900-01-01 does. Raise
    ValueError with a sentence where it cannot be a date.
    """
    value, days = sheet.base(row, column)
    try:
        found = _plain(value, sheet.epoch)
        found = found + timedelta(days) if found else None
    except (ValueError, OverflowError, OSError):
        raise ValueError(_NOT_A_DAY) from None
    if found and found.year <= 1900:
        raise ValueError("is in 1900 or before, which systems write for an unknown date")
    return found


def _plain(value: Any, epoch: datetime) -> date | None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = _counted(value, epoch)
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, str):
        value = _written(value, epoch)
    if value is None or value in _NO_DAY or value == time(0):
        return None
    if not isinstance(value, date):
        raise ValueError(_NOT_A_DAY)
    return value


def _counted(days: float, epoch: datetime) -> Any:
    if not 0 <= days < 2_958_466:
        raise ValueError(_NOT_A_DAY)
    return from_excel(days, epoch)


def _written(cell: str, epoch: datetime) -> date | None:
    text = said(cell)
    if text is None:
        return None
    if re.fullmatch(r"[1-9][0-9]{4}(\.0+)?", text):
        return _plain(float(text), epoch)
    found = next((match for match in (form.fullmatch(text) for form in _TEXTS) if match), None)
    if not found:
        raise ValueError(_NOT_A_DAY)
    return date(int(found["y"]), _month(found["m"]), int(found["d"]))


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _MONTHS.index(text[:3].lower()) + 1
