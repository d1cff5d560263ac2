"""The JSON pages of a service directory, read item by item, each with the line on which it begins."""

import json
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from graph import BadInput
from loaders.openreferral_shape import is_service, services_of, slim

MOST_BYTES = 200_000_000
_BEGINNING = 1_000_000
_PAGE = {"content", "contents"}
_TOTALS = ("totalElements", "total_items")
_LASTS = ("last", "last_page")
_DECODE = json.JSONDecoder(strict=False).raw_decode
_SPACE = re.compile(r"[ \t\r\n]*")


class Item(NamedTuple):
    """One service as it came, only with what is read: "page.json/3" is the third one of its file."""

    file: str
    line: int
    value: Any


@dataclass
class Page:
    """One file: its services, and how many things it holds that are none.

    listed: it is a list or a page of one. inside: its services stand inside something else, as those of
    an organisation.
    total: how many services its envelope speaks of. last: whether it says that it is the last page.
    """

    name: str
    items: list[Item] = field(default_factory=list)
    others: int = 0
    listed: bool = False
    inside: bool = False
    total: int | None = None
    last: bool | None = None

    @property
    def whole(self) -> bool:
        """True where it lists services and nothing else, so that what it lacks may be gone."""
        return self.listed and not self.inside and not self.others


def files_of(path: Path) -> list[Path]:
    """The JSON files of a folder, in order of their names, or the one that `path` is.

    Raise BadInput where there is none.
    """
    try:
        if path.is_file():
            return [path]
        found = sorted(one for one in path.iterdir() if one.suffix.lower() == ".json")
    except OSError:
        raise BadInput(f"{path.name} cannot be read: look whether it is there") from None
    if not any(one.is_file() for one in found):
        raise BadInput(f"{path.name or 'The folder'} holds no JSON file")
    return [one for one in found if one.is_file()]


def page(file: Path) -> Page:
    """Read a file.

    Return its page. Raise BadInput where it is too large, or not JSON.
    """
    text = _text(file)
    found, outer, line, at = Page(file.name), {}, 1, 0
    try:
        for step in _steps(text):
            line, at = line + text.count("\n", at, step.at), step.at
            if step.key is None:
                _add(found, line, step.value)
            else:
                outer[step.key] = step.value
                found.listed |= step.key in _PAGE and isinstance(step.value, list)
    except json.JSONDecodeError as error:
        raise BadInput(f"{file.name}, line {error.lineno}: is not JSON: fetch it again") from None
    except (ValueError, RecursionError):
        raise BadInput(f"{file.name} is not JSON that can be read: look at it first") from None
    _close(found, text, outer)
    return found


def first_service(file: Path) -> bool:
    """True where the beginning of a file shows a service; False also where it cannot be read."""
    outer: dict[str, Any] = {}
    try:
        with file.open("rb") as opened:
            data = opened.read(_BEGINNING)
        for step in _steps(data.decode(json.detect_encoding(data), errors="replace")):
            if step.key is None:
                return _shows(step.value)
            outer[step.key] = step.value
    except (OSError, ValueError, RecursionError):
        pass
    return _shows(outer)


def _shows(value: Any) -> bool:
    return any(is_service(one, surely=True) for one in services_of(value))


def _add(found: Page, line: int, value: Any) -> None:
    """Take what one item holds: itself a service, an organisation with several, or neither."""
    for one in services_of(value):
        found.inside |= one is not value
        if isinstance(one, dict) and not is_service(one):
            found.others += 1
        else:
            number = len(found.items) + 1
            found.items.append(Item(f"{found.name}/{number}", line, slim(one)))


def _close(found: Page, text: str, outer: dict[str, Any]) -> None:
    if text[_skip(text, 0)] == "[":
        found.listed = True
    elif not found.listed:
        _add(found, 1, outer)
    totals = [outer.get(key) for key in _TOTALS]
    found.total = next((one for one in totals if type(one) is int), None)
    lasts = [outer.get(key) for key in _LASTS]
    found.last = next((one for one in lasts if isinstance(one, bool)), None)


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise BadInput(f"{file.name} is larger than 200 MB: fetch it in pages")
        data = file.read_bytes()
    except OSError:
        raise BadInput(f"{file.name} cannot be read: look at its permissions") from None
    try:
        return data.decode(json.detect_encoding(data))
    except UnicodeDecodeError:
        raise BadInput(f"{file.name} is not UTF-8, as JSON is: fetch it again") from None


class _Step(NamedTuple):
    """An item of the list or page (key None), or a member of the object around it."""

    at: int
    key: str | None
    value: Any


def _steps(text: str) -> Iterator[_Step]:
    """Walk through a file's outermost list or object. Raise ValueError where it is not JSON."""
    at = _skip(text, 0)
    if text[at : at + 1] == "[":
        at = yield from _items(text, at + 1)
    else:
        at = yield from _members(text, _sign(text, at, "{"))
    if at != len(text):
        raise json.JSONDecodeError("more", text, at)


def _items(text: str, at: int) -> Generator[_Step, None, int]:
    at = _skip(text, at)
    while text[at : at + 1] != "]":
        value, end = _DECODE(text, at)
        yield _Step(at, None, value)
        at = _next(text, end, "]")
    return _skip(text, at + 1)


def _members(text: str, at: int) -> Generator[_Step, None, int]:
    while text[at : at + 1] != "}":
        key, end = _DECODE(text, _sign(text, at, '"') - 1)
        start = _sign(text, _skip(text, end), ":")
        if key in _PAGE and text[start : start + 1] == "[":
            yield _Step(start, key, [])
            end = yield from _items(text, start + 1)
        else:
            value, end = _DECODE(text, start)
            yield _Step(start, key, value)
        at = _next(text, end, "}")
    return _skip(text, at + 1)


def _next(text: str, at: int, closing: str) -> int:
    """Where the next item begins, or the sign that closes."""
    at = _skip(text, at)
    if text[at : at + 1] == closing:
        return at
    at = _sign(text, at, ",")
    if text[at : at + 1] == closing:
        raise json.JSONDecodeError("comma", text, at)
    return at


def _sign(text: str, at: int, sign: str) -> int:
    """Where what follows a sign begins."""
    if text[at : at + 1] != sign:
        raise json.JSONDecodeError("sign", text, at)
    return at + 1 if sign == '"' else _skip(text, at + 1)


def _skip(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at
