"""Days as texts say them: in one of a few forms, in London, and without those that stand for none."""

import re
from datetime import date, datetime, time
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from graph import Period

LONDON = ZoneInfo("Europe/London")
# What systems write where there is no date: .NET's, SQL Server's, Delphi's, Excel's day 0, Mosaic's, and
# the ends of time of the SSD's scripts and of Oracle.
NO_DAY = {
    date(1, 1, 1),
    date(1753, 1, 1),
    date(1899, 12, 30),
    date(1899, 12, 31),
    date(1900, 1, 1),
    date(2300, 1, 1),
    date(9999, 12, 31),
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CLOCK = (
    r"(?:[T ](?P<h>\d\d?):(?P<minute>[0-5]\d)(?::[0-5]\d(?:[.,]\d{1,9})?)? ?"
    r"(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?|Z|[+-]\d\d:\d\d)?"
)


class Form(NamedTuple):
    """A way to write a day, and an example of it; empty where messages need none."""

    pattern: re.Pattern[str]
    example: str


def _form(pattern: str, example: str) -> Form:
    return Form(re.compile(pattern, re.ASCII | re.I), example)


ISO = _form(r"(?P<y>\d{4})-(?P<m>\d\d?)-(?P<d>\d\d?)" + _CLOCK, "2026-03-04")
XSD = _form(r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?:Z|[+-]\d\d:\d\d)?", "2026-03-04")
DMY = _form(r"(?P<d>\d\d?)([/-])(?P<m>\d\d?)\2(?P<y>\d{4})" + _CLOCK, "04/03/2026")
WORDS = _form(r"(?P<d>\d\d?)[ -](?P<m>[a-z]{3,9})[ -](?P<y>\d{4})" + _CLOCK, "")
COMPACT = _form(r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)", "20260304")


@lru_cache(maxsize=50_000)
def day(text: str | None, *forms: Form, ancient: bool = False) -> date | None:
    """Read a day with or without a time; where a time has a zone, the day is London's.

    ancient: True where a day in 1900 or before is as good as none, and no fault.
    Return it; None where nothing is said, or what stands for no day. Raise ValueError, with a sentence
    that holds nothing of the text, where it cannot be one.
    """
    if not text:
        return None
    found = next((match for form in forms if (match := form.pattern.fullmatch(text))), None)
    try:
        read = _local(**found.groupdict()) if found else None
    except (ValueError, OverflowError):
        read = None
    if read is None:
        examples = " or ".join(form.example for form in forms if form.example)
        raise ValueError(f"is not a date, as {examples}")
    return known(read, ancient)


def known(day: date, ancient: bool = False) -> date | None:
    """Hold a day to those that can be.

    ancient: as for `day`. Return it; None where it stands for none. Raise ValueError with a sentence.
    """
    if day in NO_DAY or (ancient and day.year <= 1900):
        return None
    if day.year <= 1900:
        raise ValueError("is in 1900 or before, which systems write for an unknown date")
    return day


@lru_cache(maxsize=50_000)
def between(start: date | None, end: date | None = None, exact: bool = True) -> Period:
    """Make the period from one day to another; exact: False where the end is the latest it can be."""
    return Period.model_validate({"from": start, "to": end, "to_exact": exact or not end})


def one_day(day: date) -> Period:
    """Make the period of something that was on one day."""
    return between(day, day)


def _local(
    y: str, m: str, d: str, h: str | None = None, minute: str | None = None, zone: str | None = None
) -> date:
    """The day in London; a time without a zone is London's."""
    day = date(int(y), int(m) if m.isdigit() else _MONTHS.index(m[:3].lower()) + 1, int(d))
    when = datetime.combine(day, time(int(h or 0), int(minute or 0)))
    if not zone or day in NO_DAY:
        return day
    return datetime.fromisoformat(f"{when.isoformat()}{zone.upper()}").astimezone(LONDON).date()
