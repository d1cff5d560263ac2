"""What the values inside a FHIR resource say, read the same from JSON and from XML.

A value is read softly: where a list may stand one thing may, and a date may be less than a day.
"""

import re
from calendar import monthrange
from datetime import UTC, date, datetime
from typing import Any

from loaders import days
from loaders.cells import words

_LESS = re.compile(r"(?P<y>\d{4})(?:-(?P<m>\d\d))?", re.ASCII)


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
    if _LESS.fullmatch(said):
        raise ValueError("is a month or a year, and not a day")
    return days.day(said, days.ISO)


def first_day(said: str) -> tuple[date | None, bool]:
    """Read the start of a period; of a month or a year no day is known.

    Return it, and whether it is exact. Raise ValueError, with a sentence, where it cannot be.
    """
    return (None, False) if last_day(said)[1] is False else (day(said), True)


def last_day(said: str) -> tuple[date | None, bool]:
    """Read the end of a period; of a month or a year, its last day.

    Return it, and whether it is exact. Raise ValueError, with a sentence, where it cannot be.
    """
    less = _LESS.fullmatch(said)
    if not less:
        return day(said), True
    year, month = int(less["y"]), int(less["m"] or 12)
    last = monthrange(year, month)[1] if year and 1 <= month <= 12 else 0
    return days.day(f"{less['y']}-{month:02}-{last:02}", days.ISO), False


def moment(said: str) -> datetime:
    """Read when something was last changed, in London; long ago where it is not said."""
    try:
        found = datetime.fromisoformat(said)
        london = days.LONDON
        return found.astimezone(london) if found.tzinfo else found.replace(tzinfo=london)
    except (ValueError, OverflowError):
        return datetime.min.replace(tzinfo=UTC)
