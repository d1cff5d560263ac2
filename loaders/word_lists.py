"""Values that are told by words, as the kind of a service by those of its name."""

import re
from typing import Generic, TypeVar

T = TypeVar("T")


class WordList(Generic[T]):
    """Values with the words that tell them, as a pattern; the first that fits comes first.

    form: where the words stand; whole words anywhere, where it is not said.
    """

    def __init__(self, *pairs: tuple[str, T], form: str = r"\b({})\b") -> None:
        self._pairs = [(re.compile(form.format(words), re.I), value) for words, value in pairs]

    def all(self, text: str) -> list[T]:
        """Every value that a text tells."""
        return [value for words, value in self._pairs if words.search(text)]

    def first(self, text: str, other: T) -> T:
        """The first of them; `other` where there is none."""
        return next((value for words, value in self._pairs if words.search(text)), other)
