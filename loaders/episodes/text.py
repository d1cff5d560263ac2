"""JSON read object by object, each with its line, and written so, from and to files larger than memory."""

import codecs
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from graph import BadInput

MOST_ITEM = 1_000_000
GRAPH = "@graph"
_BLOCK = 65_536
_SPACE = " \t\r\n"


class Item(NamedTuple):
    """One object of a file: which it is, from 1, and the line on which it begins."""

    number: int
    line: int
    value: Any


def items(path: Path, tick: Callable[[int], None] | None = None) -> Iterator[Item]:
    """Read a list of objects, the list under "@graph" of one object, or one object alone.

    tick: called now and then with the bytes that are read.
    Return them one by one; numbers come as text. Raise BadInput, with the line, where the file is not
    JSON, or an object of it is larger than MOST_ITEM.
    """
    if not path.is_file():
        raise BadInput(f"{path.name} is not {'a file' if path.exists() else 'there'}")
    try:
        with path.open("rb") as file:
            yield from _Scan(path.name, file, tick).document()
    except OSError:
        raise BadInput(f"{path.name} cannot be read: look at its permissions") from None


def document(context: Any, objects: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Write objects under "@graph", one a line; letters beyond ASCII are escaped.

    Return the text in pieces.
    """
    yield f'{{"@context": {json.dumps(context)}, "{GRAPH}": ['
    for number, one in enumerate(objects):
        yield f"{',' if number else ''}\n{json.dumps(one)}"
    yield "\n]}\n"


class _Scan:
    """Walks through the outermost level; what is inside an object is left to the decoder."""

    def __init__(self, name: str, file: BinaryIO, tick: Callable[[int], None] | None) -> None:
        self._name, self._file, self._tick = name, file, tick
        first = file.read(4)
        self._decode = codecs.getincrementaldecoder(json.detect_encoding(first))()
        # Systems write raw control characters inside strings; ids that are written as numbers are ids.
        self._json = json.JSONDecoder(
            strict=False, parse_int=str, parse_float=str, parse_constant=str
        )
        self._text, self._at, self._ended, self._number = "", 0, False, 0
        self._line, self._counted = 1, 0
        self._take(first)

    def document(self) -> Iterator[Item]:
        if self._next() == "[":
            yield from self._members()
        elif self._next() == "{":
            yield from self._object()
        else:
            raise self._bad("is not JSON: a list or an object must stand here")
        if self._next():
            raise self._bad("is not JSON: nothing may follow here")

    def _object(self) -> Iterator[Item]:
        """What "@graph" lists; the object itself where it has none."""
        start, rest, listed = self._here(), {}, False
        for _ in self._between("{", "}"):
            key = self._value()
            if not isinstance(key, str):
                raise self._bad("is not JSON: a name in quotes must stand here")
            self._must(":")
            if key == GRAPH and self._next() == "[":
                listed = True
                yield from self._members()
            elif key == GRAPH:
                listed = True
                yield self._item()
            else:
                rest[key] = self._value()
        if not listed:
            yield Item(1, start, rest)

    def _members(self) -> Iterator[Item]:
        for _ in self._between("[", "]"):
            yield self._item()

    def _between(self, first: str, last: str) -> Iterator[None]:
        """Give a turn for each value between two brackets."""
        self._must(first)
        more = self._next() != last
        while more:
            yield
            more = self._next() == ","
            if more:
                self._must(",")
        self._must(last)

    def _item(self) -> Item:
        self._next()
        self._number += 1
        line = self._here()
        return Item(self._number, line, self._value())

    def _value(self) -> Any:
        self._next()
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self._at)
                # A number may go on in the next block.
                if end < len(self._text) or not self._more():
                    self._at = end
                    return value
            except json.JSONDecodeError as error:
                if not self._more():
                    raise self._bad("is not JSON from here on", error.pos) from None
            except RecursionError:
                raise self._bad("is nested too deep to be an extract") from None
            if len(self._text) - self._at > MOST_ITEM:
                raise self._bad("is not JSON from here on, or one part is larger than 1 MB")

    def _must(self, sign: str) -> None:
        if self._next() != sign:
            raise self._bad("is not JSON from here on")
        self._at += 1

    def _next(self) -> str:
        """The next sign that is no space; empty at the end."""
        while True:
            rest = self._text[self._at : self._at + 1]
            while rest and rest in _SPACE:
                self._at += 1
                rest = self._text[self._at : self._at + 1]
            if rest or not self._more():
                return rest

    def _more(self) -> bool:
        """Read the next block, and let go of what is done; False at the end of the file."""
        if self._ended:
            return False
        self._here()
        self._text, self._at, self._counted = self._text[self._at :], 0, 0
        self._take(self._file.read(_BLOCK))
        if self._tick:
            self._tick(self._file.tell())
        return True

    def _take(self, block: bytes) -> None:
        self._ended = not block
        try:
            self._text += self._decode.decode(block, final=self._ended)
        except UnicodeDecodeError as error:
            line = self._line_at(len(self._text)) + error.object[: error.start].count(b"\n")
            raise BadInput(
                f"{self._name}, line {line}: is not UTF-8: save it as UTF-8 and load it again"
            ) from None

    def _here(self) -> int:
        """The line at which the walk is."""
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def _line_at(self, place: int) -> int:
        return self._here() + self._text.count("\n", self._at, place)

    def _bad(self, sentence: str, place: int | None = None) -> BadInput:
        line = self._line_at(self._at if place is None else place)
        return BadInput(f"{self._name}, line {line}: {sentence}")
