"""The tables of the SSDA903 return: the columns by which each is known, and those that are read.

Sources: DfE, "Children looked after return, technical specifications", 2017 to 2026, as the schemas of
liia-tools-pipeline give their columns by year.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from loaders.cells import words
from loaders.sheet import Sheet
from loaders.unread import columns

REASON = "REASON"


@dataclass(frozen=True)
class Kind:
    """A kind of table: the columns that no other has together, and all that are read of it."""

    name: str
    signs: tuple[str, ...]
    columns: tuple[str, ...]


HEADER = Kind("header", ("CHILD", "DOB", "UPN"), ("CHILD", "SEX", "DOB", "UPN"))
EPISODES = Kind(
    "episodes",
    ("CHILD", "DECOM", "DEC"),
    ("CHILD", "DECOM", "RNE", "LS", "PLACE", "PLACE_PROVIDER", "DEC", "REC", "URN"),
)
WORKERS = Kind(
    "social_worker",
    ("CHILD", "SW_ID", "SW_DECOM"),
    ("CHILD", "SW_ID", "SW_DECOM", "SW_DEC", "SW_REASON"),
)
PERMANENCE = Kind(
    "previous_permanence",
    ("CHILD", "PREV_PERM", "LA_PERM"),
    ("CHILD", "PREV_PERM", "LA_PERM", "DATE_PERM"),
)
READ = (HEADER, EPISODES, WORKERS, PERMANENCE)
# Tables that are known so that they are no strangers, and of which nothing is read, each by its signs.
NEVER = (
    {"CHILD", "REVIEW", "REVIEW_CODE"},
    {"CHILD", "MISSING", "MIS_START"},
    {"CHILD", "DUC"},
    {"CHILD", "SDQ_SCORE", "CONVICTED"},
    {"CHILD", "IN_TOUCH", "ACTIV"},
    {"CHILD", "DATE_INT", "DATE_MATCH"},
    {"CHILD", "DATE_PLACED", "DATE_PLACED_CEASED"},
)
# What the XML calls what the CSV calls otherwise.
XML_NAMES = {"CHILD": "CHILDID", "PLACE": "PL"}


class Head(NamedTuple):
    """What a header says: of which kind the table is, where its columns stand, if it is of rejects.

    kind: None for a table that is never read. unread: the other columns.
    """

    kind: Kind | None
    places: dict[str, int]
    problems: list[str]
    rejects: bool = False
    unread: Sequence[str] = ()


def head_of(cells: Sequence[object]) -> Head | None:
    """Know a table by its header; columns count from 1.

    Return what it says; None where it is the header of no table of the return.
    """
    names = [words(cell).upper() if isinstance(cell, str) else "" for cell in cells]
    kind = next((kind for kind in READ if set(kind.signs) <= set(names)), None)
    if kind is None:
        never = any(signs <= set(names) for signs in NEVER)
        return Head(None, {}, []) if never else None
    places = {name: names.index(name) + 1 for name in kind.columns if name in names}
    unread = columns(kind.name, names, {*kind.columns, REASON})
    return Head(kind, places, list(_problems(kind, names)), REASON in names, unread)


def _problems(kind: Kind, names: list[str]) -> Iterator[str]:
    for name in kind.columns:
        if names.count(name) != 1:
            yield f"has {'no' if name not in names else 'more than one'} column {name}"


@dataclass(frozen=True)
class Table:
    """A table that is read: its cells, its first row, and the file and line of every row.

    places: where each column stands. uneven: rows with more or fewer cells than the header.
    xml: True where its columns have the names of the XML.
    """

    kind: Kind
    sheet: Sheet
    places: dict[str, int]
    first: int
    origins: Sequence[tuple[str, int]]
    uneven: frozenset[int] = frozenset()
    xml: bool = False

    def filled(self) -> Iterator[int]:
        """The rows that hold anything in the columns that are read."""
        read = list(self.places.values())
        rows = range(self.first, len(self.sheet.rows) + 1)
        return (row for row in rows if row in self.uneven or not self.sheet.blank(row, read))

    def title(self, column: str) -> str:
        """What the file calls a column."""
        return XML_NAMES.get(column, column) if self.xml else column


Odd = tuple[str, int, str, str]
"""What is odd: file, line, column and a sentence."""


class Found(NamedTuple):
    """The tables of one return; the kinds that it holds in full; if it is of rejects; what is odd.

    parts: tables, all rows of a child in one part. later: what is odd beside, and
    unread: the columns or elements that are not read, once all parts are read.
    """

    parts: Iterable[Sequence[Table]]
    kinds: tuple[Kind, ...]
    rejects: bool
    warnings: list[Odd]
    later: list[Odd]
    unread: list[str]
