"""What the values inside a FHIR resource say, read the same from JSON and from XML.

A value is read softly: where a list may stand one thing may, and a date may be less than a day.
"""

import re
from calendar import monthrange
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from graph import Telephone
from loaders.cells import words

LONDON = ZoneInfo("Europe/London")
_PHONE = TypeAdapter(Telephone)
_NO_DAY = {date(1, 1, 1), date(1753, 1, 1), date(1900, 1, 1), date(9999, 12, 31)}
_NOT_A_DAY = "is not a date, as 2026-03-04"
_DAY = re.compile(
    r"(?P<y>\d{4})(?:-(?P<m>\d\d)(?:-(?P<d>\d\d)"
    r"(?P<clock>T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?)?)?",
    re.ASCII,
)


def every(node: Any, *path: str) -> list[Any]:
    """All that stands at the end of a path of names, lists or not; of the node itself, too."""
    found = node if isinstance(node, list) else [node]
    for name in path:
        parts = [part.get(name) for part in found if isinstance(part, dict)]
        found = [one for part in parts for one in (part if isinstance(part, list) else [part])]
    return [one for one in found if one is not None]


def text(node: Any, *path: str) -> str:
    """The first of them as text with single spaces; empty where there is none."""
    for one in every(node, *path):
        if isinstance(one, bool):
            return str(one).lower()
        if isinstance(one, (str, int, float)):
            return words(one)
    return ""


def tail(address: str) -> str:
    """The last part of an address, as of an extension or a reference."""
    return re.split(r"[/:|#]", address.rstrip("/"))[-1]


def extensions(node: Any, *names: str) -> list[Any]:
    """The extensions whose address ends in one of these names, without a version as "-1"."""
    wanted = {name.casefold() for name in names}
    return [
        one
        for one in every(node, "extension")
        if re.sub(r"-\d+$", "", tail(text(one, "url"))).rpartition("-")[2].casefold() in wanted
    ]


def day(said: str) -> date | None:
    """Read a date or a time, in London's day.

    Return it; None where nothing is said, or what systems write for no date. Raise ValueError, with a
    sentence, where it is less than a day or cannot be.
    """
    if not said:
        return None
    match = _DAY.fullmatch(said)
    if not match:
        raise ValueError(_NOT_A_DAY)
    if not match["d"]:
        raise ValueError("is a month or a year, and not a day")
    try:
        found = date.fromisoformat(said[:10])
        if match["clock"] and found not in _NO_DAY:
            found = _in_london(said)
    except (ValueError, OverflowError):
        raise ValueError(_NOT_A_DAY) from None
    return _real(found)


def first_day(said: str) -> tuple[date | None, bool]:
    """Read the start of a period; of a month or a year no day is known.

    Return it, and whether it is exact. Raise ValueError, with a sentence, where it cannot be.
    """
    return (None, False) if last_day(said)[1] is False else (day(said), True)


def last_day(said: str) -> tuple[date | None, bool]:
    """Read the end of a period; of a month or a year, its last day.

    Return it, and whether it is exact. Raise ValueError, with a sentence, where it cannot be.
    """
    match = _DAY.fullmatch(said)
    if not match or match["d"]:
        return day(said), True
    year, month = int(match["y"]), int(match["m"] or 12)
    if not 1 <= month <= 12 or not year:
        raise ValueError(_NOT_A_DAY)
    return _real(date(year, month, monthrange(year, month)[1])), False


def moment(said: str) -> datetime:
    """Read when something was last changed, in London; long ago where it is not said."""
    try:
        found = datetime.fromisoformat(said)
        return found.astimezone(LONDON) if found.tzinfo else found.replace(tzinfo=LONDON)
    except (ValueError, OverflowError):
        return datetime.min.replace(tzinfo=UTC)


def telephone(said: str) -> str:
    """Read a telephone number, whatever its signs.

    Return it. Raise ValueError, with a sentence, where it is not one of the United Kingdom.
    """
    plain = words(re.sub(r"\(0\)|[().\-]", " ", said.removeprefix("tel:")))
    plain = re.sub(r"^00 ?44", "+44", plain)
    try:
        return _PHONE.validate_python(plain)
    except ValidationError:
        raise ValueError("is not a UK telephone number, as 0113 496 0000") from None


def _in_london(said: str) -> date:
    found = datetime.fromisoformat(said)
    return found.astimezone(LONDON).date() if found.tzinfo else found.date()


def _real(found: date) -> date | None:
    if found in _NO_DAY:
        return None
    if found.year <= 1900:
        raise ValueError("is in 1900 or before, which systems write for an unknown date")
    return found
