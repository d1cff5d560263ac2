"""JSON read part by part, each with its line: one document, or several one after another (NDJSON)."""

import json
import re
from collections.abc import Callable, Container, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from graph import BadInput

MOST_JSON = 50_000_000
_SPACE = re.compile(r"[ \t\r\n]*")


class Part(NamedTuple):
    """A part of a document: `key` names the list that it stands in, "" the rest of the document.

    document: how many documents came before; line: where the part starts.
    """

    document: int
    line: int
    key: str
    value: Any


def json_parts(
    path: Path,
    lists: Container[str],
    name: str = "",
    tick: Callable[[int], None] | None = None,
    most: int | None = None,
) -> Iterator[Part]:
    """Read the members of some lists one by one, and after them what else each document says.

    lists: the keys of lists in the outermost object; an outermost list has the key "[]". In what else is
    said such a list is empty. name: of the file, as messages say it. tick: called with the bytes that
    are read. most: bytes that it may have; MOST_JSON, if it is not said.
    Return the parts in order. Raise BadInput, with the line, where the file is not JSON in Unicode, or
    larger than that.
    """
    name = name or path.name
    scan = _Scan(_text(path, name, most or MOST_JSON))
    try:
        while scan.more():
            for part in scan.document(lists):
                yield part
                if tick:
                    tick(scan.at)
    except json.JSONDecodeError as error:
        raise BadInput(f"{name}, line {error.lineno}: is not JSON from here on") from None
    except RecursionError:
        raise BadInput(f"{name}, line {scan.line()}: is nested too deep to be an extract") from None
    except ValueError:
        raise BadInput(f"{name}, line {scan.line()}: holds a number that cannot be") from None


def first_parts(path: Path, lists: Container[str], most: int) -> Iterator[Part]:
    """Read what stands in the first bytes of a file; of an object that is cut off, what is whole of it.

    Return the parts in order; none where they are not JSON.
    """
    try:
        with path.open("rb") as file:
            data = file.read(most)
        scan = _Scan(data.decode(json.detect_encoding(data), errors="replace"))
    except OSError:
        return
    try:
        while scan.more():
            yield from scan.document(lists)
    except (ValueError, RecursionError):
        yield Part(0, 1, "", scan.rest)


def _text(path: Path, name: str, most: int) -> str:
    try:
        if path.stat().st_size > most:
            raise BadInput(f"{name} is larger than {most // 10**6} MB: send it in several files")
        data = path.read_bytes()
    except OSError:
        raise BadInput(f"{name} cannot be read: look at its permissions") from None
    try:
        return data.decode(json.detect_encoding(data))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadInput(f"{name}, line {line}: is not UTF-8: save it as UTF-8") from None


class _Scan:
    """Walks through the outermost level of each document; what is inside is left to the decoder."""

    def __init__(self, text: str) -> None:
        self.at = 0
        self.rest: dict[str, Any] = {}
        self._text = text
        # Publishers write raw control characters inside strings.
        self._decoder = json.JSONDecoder(strict=False)
        self._line, self._counted = 1, 0
        self._documents = -1

    def more(self) -> bool:
        """True while there is another document."""
        self._skip()
        return self.at < len(self._text)

    def line(self) -> int:
        """The line at which the walk is."""
        self._line += self._text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def document(self, lists: Container[str]) -> Iterator[Part]:
        """The parts of the next document."""
        self._documents += 1
        if self._text.startswith("[", self.at):
            start = self.line()
            yield from self._members("[]")
            yield Part(self._documents, start, "", [])
        elif self._text.startswith("{", self.at):
            yield from self._object(lists)
        else:
            yield self._part("")

    def _object(self, lists: Container[str]) -> Iterator[Part]:
        start, self.rest = self.line(), {}
        for _ in self._between("{", "}"):
            key = self._value()
            if not isinstance(key, str):
                raise self._wrong()
            self._must(":")
            if key in lists and self._text.startswith("[", self.at):
                self.rest[key] = []
                yield from self._members(key)
            else:
                self.rest[key] = self._value()
        yield Part(self._documents, start, "", self.rest)

    def _members(self, key: str) -> Iterator[Part]:
        for _ in self._between("[", "]"):
            yield self._part(key)

    def _between(self, first: str, last: str) -> Iterator[None]:
        """Give a turn for each value between two brackets."""
        self._must(first)
        more = not self._text.startswith(last, self.at)
        while more:
            yield
            self._skip()
            more = self._text.startswith(",", self.at)
            if more:
                self._must(",")
        self._must(last)

    def _part(self, key: str) -> Part:
        line = self.line()
        return Part(self._documents, line, key, self._value())

    def _value(self) -> Any:
        value, self.at = self._decoder.raw_decode(self._text, self.at)
        return value

    def _must(self, sign: str) -> None:
        self._skip()
        if not self._text.startswith(sign, self.at):
            raise self._wrong()
        self.at += 1
        self._skip()

    def _skip(self) -> None:
        match = _SPACE.match(self._text, self.at)
        self.at = match.end() if match else self.at

    def _wrong(self) -> json.JSONDecodeError:
        return json.JSONDecodeError("", self._text, self.at)
