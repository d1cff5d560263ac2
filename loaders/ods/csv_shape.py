"""The CSV reports of the Organisation Data Service, as epraccur and etr: 27 columns without a header."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import islice

from loaders import days
from loaders.csv_set import CsvFile
from loaders.csv_text import Record
from loaders.ods.kinds import roles_of
from loaders.ods.rows import CODE, Organisation, Style
from loaders.rejects import REASON
from loaders.unread import further

_WIDTH = 27
_LOOKED_AT = 20
_PLACES = {
    "code": 0,
    "name": 1,
    "opened": 10,
    "closed": 11,
    "status": 12,
    "phone": 17,
    "setting": 25,
}
_TITLES = {
    "code": "code",
    "name": "name",
    "opened": "open date",
    "closed": "close date",
    "status": "status",
    "phone": "telephone",
    "setting": "setting",
}
_HEADS = ("code", "organisation code")


def _day(said: str) -> date | None:
    """A day, as 20260304; eight zeros mean that there is none."""
    return days.day("" if said == "00000000" else said, days.COMPACT)


STYLE = Style(_TITLES, _day)


def is_report(file: CsvFile) -> bool:
    """True where one of the first records is shaped as a report's: a code, a name, days in their places."""
    first = enumerate(islice(file.records(), _LOOKED_AT))
    return any(_is_line(one.cells) or (not at and _is_header(one.cells)) for at, one in first)


def is_rejects(file: CsvFile) -> bool:
    """True for a report of rejects sent back after repair."""
    first = file.header()
    return bool(first) and _is_header(first.cells) and first.cells[-1] == REASON


def unread(file: CsvFile) -> list[str]:
    """Name the columns of a report beyond the 27 that it has; none of one of rejects."""
    first = None if is_rejects(file) else file.header()
    return further("an ODS report", len(first.cells), _WIDTH) if first else []


def organisations(
    file: CsvFile, tick: Callable[[int], None] | None = None
) -> Iterator[Organisation]:
    """Read the organisations of a report one by one.

    Return them. Raise BadInput, with the line, where it is not CSV.
    """
    first = True
    for record in file.records(tick):
        if not (first and _is_header(record.cells)):
            yield _organisation(file.name, record)
        first = False


def rejected(file: CsvFile, wanted: Mapping[int, str]) -> Iterator[list[str]]:
    """The records of some lines, each with why, under a header; only the columns that are read."""
    head = [""] * _WIDTH
    for what, place in _PLACES.items():
        head[place] = _TITLES[what]
    yield [*head, REASON]
    for record in file.records():
        if record.first in wanted:
            line = [""] * _WIDTH
            for what, place in _PLACES.items():
                line[place] = _cell(record, what)
            yield [*line, wanted[record.first]]


def _organisation(name: str, record: Record) -> Organisation:
    return Organisation(
        file=name,
        line=record.first,
        said={what: _cell(record, what) for what in ("code", "name", "opened", "closed", "phone")},
        ended=_cell(record, "status") == "C",
        roles=roles_of(_cell(record, "setting")),
        sure=record.first == record.last,
    )


def _cell(record: Record, what: str) -> str:
    place = _PLACES[what]
    return record.cells[place].strip() if place < len(record.cells) else ""


def _is_header(cells: list[str]) -> bool:
    return len(cells) >= _PLACES["closed"] and cells[0].strip().casefold() in _HEADS


def _is_line(cells: list[str]) -> bool:
    days = cells[_PLACES["opened"] : _PLACES["closed"] + 1]
    return (
        20 <= len(cells) <= 40
        and bool(CODE.fullmatch(cells[0].strip()))
        and bool(re.search(r"[A-Za-z]", cells[1]))
        and bool(re.fullmatch(r"[0-9]{8}", days[0]))
        and bool(re.fullmatch(r"[0-9]{8}|", days[1]))
    )
