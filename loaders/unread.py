"""What an extract holds that is not read: columns, elements and keys by their names, and no content."""

import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from loaders.xml_text import strangers

MOST_KEYS = 1_000
# How many children, or what is said of them, must have a key before it is told.
OF_CHILDREN = 10
_WORD = r"[A-Za-z]{1,30}[0-9]{0,2}"
_PROGRAM = re.compile(rf"{_WORD}(_{_WORD}){{0,6}}( \((name|code)\))?")


def is_shown(name: str) -> bool:
    """Whether a name is one as programs write them, which holds no number and no note of a person."""
    return bool(_PROGRAM.fullmatch(name))


def columns(
    table: str,
    header: Sequence[str],
    read: Container[str],
    shown: Callable[[str], bool] = is_shown,
) -> list[str]:
    """Name the columns that are not read.

    table: our own word for it. header: of a file that is known for such a table by its columns, so
    that it has one. read: the names that are read. shown: whether a name may be; of any other, which
    may be a note, only the place is told.
    Return a phrase for each column that has a name.
    """
    return [
        f'column "{name}" of {table}' if shown(name) else f"column {place} of {table}"
        for place, name in enumerate(header, 1)
        if name and name not in read
    ]


def further(table: str, width: int, known: int) -> list[str]:
    """Name the columns beyond those that are known of a table without header."""
    return [f"column {place} of {table}" for place in range(known + 1, width + 1)]


def elements(left: Mapping[str, int], known: Container[str]) -> list[str]:
    """Name the elements that were left and are not known, as xml_text.strangers finds them.

    Those that are known and never read are not named: whether they are there is content.
    """
    names = [name for name, _ in strangers(left, known)]
    return [f'element "{name}"' if name else "an element with an odd name" for name in names]


class Keys:
    """Gathers the keys that objects have and that are not read; once gathered, it gives phrases for them.

    least: how many objects must have one. That one child alone has a key is content.
    """

    def __init__(self, least: int = 1) -> None:
        self._least = least
        self._times: dict[tuple[str, str], int] = {}

    def note(self, kind: str, key: str) -> None:
        """Note a key of an object; kind: what that is, in a word of its format."""
        times = self._times.get((kind, key))
        if times is None:
            key = key if is_shown(key) else ""
            times = self._times.get((kind, key), 0)
        if times or len(self._times) < MOST_KEYS:
            self._times[kind, key] = times + 1

    def __iter__(self) -> Iterator[str]:
        for (kind, key), times in self._times.items():
            if times >= self._least:
                yield f'key "{key}" of {kind}' if key else f"a key of {kind} with an odd name"


@dataclass(frozen=True)
class _Noted(Container[str]):
    """The keys of a kind that are read, which notes each that is looked for and is not among them."""

    kind: str
    names: Container[str]
    keys: Keys

    def __contains__(self, key: object) -> bool:
        known = isinstance(key, str) and key in self.names
        if not known:
            self.keys.note(self.kind, str(key))
        return known


def noting(kept: Mapping[str, Container[str]], keys: Keys) -> dict[str, Container[str]]:
    """The same names of what is kept, where what is not kept is noted."""
    return {kind: _Noted(kind, names, keys) for kind, names in kept.items()}
