"""What an element of the census says, held to the way in which the census writes it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from loaders.cells import said, words
from loaders.xml_text import Element

T = TypeVar("T")
# What systems write where there is no date: SQL Server's, Excel's, .NET's and Mosaic's.
_NO_DAY = {"0001-01-01", "1753-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "9999-12-31"}
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(Z|[+-]\d\d:\d\d)?", re.ASCII)


def day(text: str) -> date | None:
    """Read a date, as xs:date writes it.

    Return it; None where it stands for no date. Raise ValueError with a sentence.
    """
    if said(text) is None:
        return None
    match = _DAY.fullmatch(words(text))
    if match and match[1] in _NO_DAY:
        return None
    try:
        found = date.fromisoformat(match[1] if match else "")
    except ValueError:
        raise ValueError("is not a date, as 2026-03-04") from None
    if found.year <= 1900:
        raise ValueError("is in 1900 or before, which systems write for an unknown date")
    return found


def code(text: str) -> str:
    """Read a code, in capitals."""
    return words(text).upper()


@dataclass
class Values:
    """The values of one element, or of several that are one; and what is wrong with them, or odd."""

    parts: Sequence[Element]
    wrong: dict[str, str] = field(default_factory=dict)
    odd: dict[str, str] = field(default_factory=dict)

    def texts(self, name: str) -> list[str]:
        """Everything different that it says by a name."""
        texts = (value.text for part in self.parts for value in part.all(name))
        return list(dict.fromkeys(text for text in texts if text))

    def take(self, name: str, read: Callable[[str], T]) -> T | None:
        """Read a value.

        Return it; None where it is empty, or wrong, which is noted.
        """
        texts = self.texts(name)
        try:
            if len(texts) > 1:
                raise ValueError("is there more than once, and not the same")
            return read(texts[0]) if texts else None
        except ValueError as error:
            self.wrong[name] = str(error)
            return None
