"""The day of an extract: that in the name of its delivery, else that of its last change."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from zoneinfo import ZoneInfo

from graph import BadInput
from signpost.incoming import Stamp

_LONDON = ZoneInfo("Europe/London")
_AS = "2026-11-20"
_SEVERAL = f"Its name has several dates: leave only that of the extract, as {_AS}."
_TO_COME = f"The date in its name is in the future: give it that of the extract, as {_AS}."
_NO_DAY = (
    f"Its name has a date that is no day of the calendar: write that of the extract, as {_AS}."
)
_UNSURE = f"Its name has what may be a date: write that of the extract in full, as {_AS}."
_NO_TIME = (
    f"Its name has no date, and its last change is none: write that of the extract, as {_AS}."
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
# A look-ahead, so that 20_11_2026_10_15 is seen to have two dates, and not the first alone.
_YEAR_FIRST = re.compile(r"(?<!\d)(?=(20\d\d)([-._ ])(\d\d)\2(\d\d)(?!\d))", re.A)
_DAY_FIRST = re.compile(r"(?<!\d)(?=(\d\d?)([-._ ])(\d\d?)\2(20\d\d)(?!\d))", re.A)
_NAMED = re.compile(
    r"(?<!\d)(\d\d?)(?:st|nd|rd|th)?[-._ ]?(?:of )?"
    rf"({'|'.join(_MONTHS)})[a-z]{{0,6}}[-._, ]{{0,2}}(20\d\d)(?!\d)",
    re.A | re.I,
)
# The number of a list, a version or a quarter before a month is no day.
_COUNTED = re.compile(
    r"(?:[a-z]|(?:list|table|sheet|part|version|no|number|week|quarter)[-._ ])\d\d?"
    rf"[-._ ]?(?:{'|'.join(_MONTHS)})[a-z]{{0,6}}[-._, ]{{0,2}}20\d\d",
    re.A | re.I,
)
_DIGITS = re.compile(r"(?<!\d)(20\d{6})((?:\d\d){0,3})(?!\d)", re.A)
_DIGITS_DAY_FIRST = re.compile(r"(?<!\d)([0-3]\d)([01]\d)(20\d\d)(?!\d)", re.A)
_PERHAPS = (
    (re.compile(r"(?<!\d)(20\d\d)[-._ ](\d\d?)[-._ ](\d\d?)(?!\d)", re.A), (1, 2, 3)),
    (re.compile(r"(?<!\d)(20\d\d)[-._ ]?(\d\d)[-._ ]?(\d\d)(?!\d)", re.A), (1, 2, 3)),
    (re.compile(r"(?<!\d)(\d\d?)[-._ ](\d\d?)[-._ ](20\d\d)(?!\d)", re.A), (3, 2, 1)),
    (re.compile(r"(?<!\d)(\d\d)[-._ ]?(\d\d)[-._ ]?(20\d\d)(?!\d)", re.A), (3, 2, 1)),
    (re.compile(r"(?<!\d)(\d\d)[-._](\d\d)[-._](\d\d)(?!\d)", re.A), (1, 2, 3)),
    (re.compile(r"(?<!\d)(\d\d)[-._](\d\d)[-._](\d\d)(?!\d)", re.A), (3, 2, 1)),
)


def today() -> date:
    """The day that it is where the extracts are made."""
    return datetime.now(_LONDON).date()


def day_of(name: str, held: Stamp, latest: date) -> tuple[date, str]:
    """Find the day of an extract: that in its name, else that of its last change, none after `latest`.

    Return it, with how it was known. Raise BadInput where what looks like a date in the name is not
    exactly one day, or is one to come.
    """
    if _COUNTED.search(name):
        raise BadInput(_UNSURE)
    said = set(_said(name))
    if len(said) > 1:
        raise BadInput(_SEVERAL)
    if said and max(said) > latest:
        raise BadInput(_TO_COME)
    if said:
        return said.pop(), "as its name says"
    if _perhaps(name):
        raise BadInput(_UNSURE)
    changed = max(entry.changed for entry in held) / 1e9
    try:
        day = datetime.fromtimestamp(changed, _LONDON).date()
    except (ValueError, OverflowError, OSError):
        raise BadInput(_NO_TIME) from None
    return min(day, latest), "the day of its last change, because its name has no date"


def _said(name: str) -> Iterator[date]:
    """Every date of a name. Raise BadInput where one is no day."""
    try:
        for found in _YEAR_FIRST.finditer(name):
            yield date(int(found[1]), int(found[3]), int(found[4]))
        for found in _DAY_FIRST.finditer(name):
            yield date(int(found[4]), int(found[3]), int(found[1]))
        for found in _NAMED.finditer(name):
            yield date(int(found[3]), _MONTHS.index(found[2].lower()) + 1, int(found[1]))
        for found in _DIGITS_DAY_FIRST.finditer(name):
            yield date(int(found[3]), int(found[2]), int(found[1]))
        for found in _DIGITS.finditer(name):
            if not _DIGITS_DAY_FIRST.fullmatch(found[0]):
                time = f"T{found[2]}" if found[2] else ""
                yield datetime.fromisoformat(found[1] + time).date()
    except ValueError:
        raise BadInput(_NO_DAY) from None


def _perhaps(name: str) -> bool:
    """Whether a name has digits that could be meant for a day, and that nobody can be sure of."""
    for pattern, (year, month, day) in _PERHAPS:
        for found in pattern.finditer(name):
            with suppress(ValueError):
                date(int(found[year]) % 100 + 2000, int(found[month]), int(found[day]))
                return True
    return False
