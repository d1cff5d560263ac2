"""What an element of the census says, held to the way in which the census writes it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from loaders import days
from loaders.cells import said
from loaders.xml_text import Element

T = TypeVar("T")


def day(text: str) -> date | None:
    """Read a date, as xs:date writes it.

    Return it; None where it stands for no date. Raise ValueError with a sentence.
    """
    return days.day(said(text), days.XSD)


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
