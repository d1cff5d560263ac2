"""What an extract holds that no loader reads, held against earlier extracts. Pure functions."""

import re
from collections.abc import Collection, Iterator, Sequence

_MOST_SAID = 10
_PLACE = re.compile(r"column \d+ of (.+)")
_NUMBER = re.compile(r"(\d+)")

Names = frozenset[str]


def unread_news(now: Names, earlier: Sequence[Names]) -> Iterator[str]:
    """Say what is new, and which columns are gone that all earlier extracts had.

    earlier: at least one. Return the sentences. Of elements and keys none is said to be gone: they are
    there only where an extract has something to say by them.
    """
    new = now - frozenset[str]().union(*earlier)
    gone = earlier[0].intersection(*earlier) - now
    more = {name for name in new if _is_more(name, now, earlier)}
    fewer = {name for name in gone if name.startswith("column") and _is_fewer(name, now, earlier)}
    if more:
        yield f"New, and not read: {_listed(more)}."
    if fewer:
        yield f"Gone, and never read: {_listed(fewer)}."


def _is_more(name: str, now: Names, earlier: Sequence[Names]) -> bool:
    """False where only the place of a column changed that is told by its place."""
    table = _PLACE.fullmatch(name)
    return not table or _places(now, table[1]) > max(_places(one, table[1]) for one in earlier)


def _is_fewer(name: str, now: Names, earlier: Sequence[Names]) -> bool:
    table = _PLACE.fullmatch(name)
    return not table or _places(now, table[1]) < min(_places(one, table[1]) for one in earlier)


def _places(names: Names, table: str) -> int:
    """How many columns of a table are told by their places."""
    found = map(_PLACE.fullmatch, names)
    return sum(1 for one in found if one and one[1] == table)


def _listed(names: Collection[str]) -> str:
    ordered = sorted(names, key=_by_number)
    more = len(ordered) - _MOST_SAID
    return ", ".join(ordered[:_MOST_SAID]) + (f" and {more} more" if more > 0 else "")


def _by_number(name: str) -> list[str | int]:
    return [int(part) if part.isdigit() else part for part in _NUMBER.split(name)]
