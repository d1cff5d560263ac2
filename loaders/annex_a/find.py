"""Finding the lists of Annex A in a workbook, by their headers and never by a sheet's name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graph import BadInput, Fault
from loaders.annex_a.lists import CONTACTS, LISTS, NUMBERS, REPEAT, AnnexList, bare, is_plain
from loaders.rejects import REASON
from loaders.unread import columns
from loaders.workbook import Head, heads

_TITLED = re.compile(rf"\blist\W*[{NUMBERS[0]}-{NUMBERS[-1]}]\b", re.I)


@dataclass(frozen=True)
class Place:
    """Where a list stands: its sheet and its rows, the row of its header, the place of each column.

    reason: True in a workbook of rejects sent back. unread: its other columns.
    """

    title: str
    size: int
    list: AnnexList
    header: int
    columns: dict[str, int]
    reason: bool
    unread: tuple[str, ...]


@dataclass(frozen=True)
class Places:
    """The lists of one workbook, and what its reader should know of the rest."""

    lists: list[Place]
    warnings: list[Fault]

    @property
    def rejects(self) -> bool:
        """True where this is a workbook of rejects sent back after repair."""
        return any(place.reason for place in self.lists)


def find(path: Path) -> Places:
    """Find the lists.

    path: the workbook. Return where they stand. Raise BadInput, with everything that is wrong,
    where it holds none, holds one twice, or a list misses a column.
    """
    sheets = heads(path)
    seen = [head for head in sheets if not head.hidden]
    found = [place for place in map(_place, seen) if place]
    problems = [*_unknown(seen, found), *_twice(found), *_absent(found)]
    if not found and not problems:
        problems = [_nothing(seen)]
    if problems:
        raise BadInput("\n".join(f"{path.name} {problem}" for problem in problems))
    return Places(found, list(_warnings(path.name, sheets, found)))


def recognised(path: Path) -> list[int]:
    """The numbers of the lists whose headers a workbook shows, whatever may be wrong with them.

    Raise BadInput where the file is not a workbook that can be read.
    """
    return [place.list.number for head in heads(path) if (place := _place(head))]


def _nothing(seen: list[Head]) -> str:
    if any(CONTACTS.places(row) for head in seen for row in head.rows):
        return "holds only List 1 of Annex A: contacts are events, which are not loaded"
    return "holds none of Lists 2 to 9 of Annex A on a sheet that is not hidden"


def _place(head: Head) -> Place | None:
    for number, row in enumerate(head.rows, 1):
        for each in LISTS:
            columns = each.places(row)
            if columns:
                held, reason = _columns(columns, row)
                unread = _unread(each, held, row)
                return Place(head.title, head.size, each, number, held, reason, unread)
    return None


def _columns(found: dict[str, list[int]], row: tuple[object, ...]) -> tuple[dict[str, int], bool]:
    columns = {name: places[0] for name, places in found.items() if len(places) == 1}
    bares = [bare(cell) for cell in row]
    if REASON in bares and REPEAT in bares:
        columns[REPEAT] = bares.index(REPEAT) + 1
    return columns, REASON in bares


def _unread(each: AnnexList, held: dict[str, int], row: tuple[object, ...]) -> tuple[str, ...]:
    names = ["" if at in held.values() else bare(cell) for at, cell in enumerate(row, 1)]
    return tuple(columns(f"List {each.number}", names, {REASON}, is_plain))


def _unknown(seen: list[Head], found: list[Place]) -> Iterator[str]:
    known = {place.title for place in found}
    for head in seen:
        if head.title not in known and _TITLED.search(head.title) and any(map(any, head.rows)):
            yield (
                f"has a sheet {head.title} without that list's headers in its first ten rows: "
                "put them back, or rename the sheet if it is none of Annex A"
            )


def _twice(found: list[Place]) -> Iterator[str]:
    for each in LISTS:
        titles = [place.title for place in found if place.list is each]
        if len(titles) > 1:
            yield f"holds List {each.number} more than once ({', '.join(titles)}): keep one"


def _absent(found: list[Place]) -> Iterator[str]:
    for place in found:
        for name in place.list.columns:
            if name not in place.columns and name not in place.list.optional:
                yield (
                    f"has in the sheet {place.title} not exactly one column for the {_SAID[name]}"
                    f" of List {place.list.number}"
                )


_SAID = {
    "child": "child's id",
    "birth_date": "date of birth",
    "start": "start",
    "end": "end",
    "nfa": "no further action",
    "team": "allocated team",
    "worker": "allocated worker",
    "organisation": "organisation",
    "eligibility": "eligibility category",
    "sex": "gender",
    "adviser": "personal adviser",
    "placed": "authority of placement",
    "since": "start of placement",
}


def _warnings(name: str, sheets: list[Head], found: list[Place]) -> Iterator[Fault]:
    for head in sheets:
        if head.hidden and _place(head):
            yield Fault(file=f"{name}/{head.title}", line=1, sentence="is hidden and was not read")
    held = {place.list.number for place in found}
    for each in LISTS:
        if each.number not in held and not any(place.reason for place in found):
            sentence = f"has no List {each.number} ({each.what})"
            yield Fault(file=name, line=1, sentence=sentence)
