"""What a date cell of a workbook says: a real date, a text, a number of days, or a formula."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl.utils.datetime import from_excel

from loaders import days
from loaders.cells import said
from loaders.sheet import Sheet, Unsaved

_FORMS = (days.DMY, days.ISO, days.WORDS)
_COUNT = re.compile(r"[1-9][0-9]{4}(\.0+)?")
_NOT_A_DAY = "is not a date, as 04/03/2026 or 2026-03-04"


def day(sheet: Sheet, row: int, column: int) -> date | None:
    """Read a cell as a date.

    Return it; None where the cell is empty or says that there is none, as 1900-01-01 does. Raise
    ValueError with a sentence where it cannot be a date.
    """
    value, later = sheet.base(row, column)
    text = said(value) if isinstance(value, str) else None
    try:
        if text and not _COUNT.fullmatch(text):
            found = days.day(text, *_FORMS)
        else:
            found = _plain(float(text) if text else value, sheet.epoch)
        return found and days.known(found) and days.known(found + timedelta(later))
    except OverflowError:
        raise ValueError(_NOT_A_DAY) from None


def kept(sheet: Sheet, row: int, column: int, dated: bool) -> Any:
    """What a cell says, to be written again; a text stays as it is.

    dated: of a number or a formula in it, its date. Return that, else what was written.
    """
    try:
        value = sheet.value(row, column)
    except Unsaved:
        value = sheet.written(row, column)
    else:
        dated = dated and not isinstance(value, str)
    try:
        return day(sheet, row, column) if dated else value
    except ValueError:
        return value


def _plain(value: Any, epoch: datetime) -> date | None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = _counted(value, epoch)
    if isinstance(value, datetime):
        value = value.date()
    if value is None or value == time(0) or isinstance(value, str):
        return None
    if not isinstance(value, date):
        raise ValueError(_NOT_A_DAY)
    return value


def _counted(count: float, epoch: datetime) -> Any:
    if not 0 <= count < 2_958_466:
        raise ValueError(_NOT_A_DAY)
    return from_excel(count, epoch)
