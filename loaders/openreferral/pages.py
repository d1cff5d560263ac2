"""The JSON pages of a service directory, read item by item, each with the line on which it begins."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from graph import BadInput
from loaders.json_text import Part, first_parts, json_parts
from loaders.openreferral.shape import is_service, services_of, slim
from loaders.unread import Keys

MOST_BYTES = 200_000_000
_BEGINNING = 1_000_000
_PAGE = {"content", "contents"}
_TOTALS = ("totalElements", "total_items")
_LASTS = ("last", "last_page")


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
    keys: those of its services that are not read.
    """

    name: str
    items: list[Item] = field(default_factory=list)
    others: int = 0
    listed: bool = False
    inside: bool = False
    total: int | None = None
    last: bool | None = None
    keys: Keys = field(default_factory=Keys)

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
    found, empty = Page(file.name), True
    for part in json_parts(file, _PAGE, most=MOST_BYTES):
        empty = False
        if part.key:
            _add(found, part.line, part.value)
        elif not isinstance(part.value, dict):
            found.listed = _listed(found.name, part)
        elif any(isinstance(part.value.get(key), list) for key in _PAGE):
            found.listed = True
            _envelope(found, part.value)
        else:
            _add(found, part.line, part.value)
    if empty:
        raise BadInput(f"{file.name}, line 1: is not JSON: it is empty")
    return found


def first_service(file: Path) -> bool:
    """True where the beginning of a file shows a service; False also where it cannot be read."""
    first = next(first_parts(file, _PAGE, _BEGINNING), None)
    return first is not None and any(
        is_service(one, surely=True) for one in services_of(first.value)
    )


def _listed(name: str, part: Part) -> bool:
    if part.value != []:
        raise BadInput(f"{name}, line {part.line}: is not JSON of a list or an object")
    return True


def _add(found: Page, line: int, value: Any) -> None:
    """Take what one item holds: itself a service, an organisation with several, or neither."""
    for one in services_of(value):
        found.inside |= one is not value
        if isinstance(one, dict) and not is_service(one):
            found.others += 1
        else:
            number = len(found.items) + 1
            found.items.append(Item(f"{found.name}/{number}", line, slim(one, found.keys)))


def _envelope(found: Page, outer: dict[str, Any]) -> None:
    totals = [outer.get(key) for key in _TOTALS]
    found.total = next((one for one in totals if type(one) is int), None)
    lasts = [outer.get(key) for key in _LASTS]
    found.last = next((one for one in lasts if isinstance(one, bool)), None)
