"""The files of the schools register, told apart by their columns and never by a name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from graph import BadInput, Fault
from loaders import csv_text
from loaders.csv_set import CsvFile, csv_set
from loaders.csv_text import Record
from loaders.rejects import REASON
from loaders.unread import columns

# What the register is written in; a copy that was saved again may be UTF-8.
_ENCODING = "cp1252"


@dataclass(frozen=True)
class Shape:
    """One file of the register: its name here, and the columns that are read.

    known: those by which it is told. needed: without which it cannot be used.
    """

    name: str
    known: frozenset[str]
    needed: tuple[str, ...]
    more: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is read."""
        return (*self.needed, *self.more)


SCHOOLS = Shape(
    name="schools",
    known=frozenset({"URN", "EstablishmentName", "EstablishmentStatus (code)"}),
    needed=(
        "URN",
        "LA (code)",
        "EstablishmentName",
        "TypeOfEstablishment (code)",
        "EstablishmentStatus (code)",
        "OpenDate",
        "CloseDate",
    ),
    more=("LastChangedDate", "TelephoneNum"),
)
LINKS = Shape(
    name="links",
    known=frozenset({"URN", "LinkURN", "LinkType"}),
    needed=("URN", "LinkURN", "LinkType"),
    more=("LinkEstablishedDate",),
)
GROUPS = Shape(name="groups", known=frozenset({"Group UID", "Group Name"}), needed=())
_SHAPES = (SCHOOLS, LINKS, GROUPS)


@dataclass(frozen=True)
class Part:
    """A file of the register: what it is, how many columns it has, where those read stand; the others."""

    file: CsvFile
    shape: Shape
    width: int
    places: dict[str, int]
    rejects: bool
    unread: list[str]

    def records(self, tick: Callable[[int], None] | None = None) -> Iterator[Record]:
        """Its records below the header; see csv_text.records."""
        found = _records(self.file, tick)
        next(found)
        return found


@dataclass(frozen=True)
class Register:
    """The files that are read, and warnings on those that are not."""

    parts: list[Part]
    warnings: list[Fault]

    def of(self, shape: Shape) -> list[Part]:
        """The files of one shape."""
        return [part for part in self.parts if part.shape is shape]


def find(path: Path) -> Register:
    """Find the register's files in a folder, a zip or a CSV file.

    Return them. Raise BadInput where there is none, or one lacks a column or has it twice.
    """
    parts: list[Part] = []
    warnings: list[Fault] = []
    for file in csv_set(path):
        part = _part(file)
        if part:
            parts.append(part)
        else:
            sentence = "is no file of the schools register that is known, and was not read"
            warnings.append(Fault(file=file.name, line=1, sentence=sentence))
    if not parts:
        raise BadInput(
            f"{path.name} holds no file of the schools register: it has none of the columns "
            "URN and EstablishmentName, or URN and LinkURN"
        )
    return Register(parts, warnings)


def _part(file: CsvFile) -> Part | None:
    found = next(_records(file), None)
    names = [cell.strip() for cell in found.cells] if found else []
    shape = next((shape for shape in _SHAPES if shape.known <= set(names)), None)
    if shape is None:
        return None
    for column in shape.columns:
        count = names.count(column)
        if count > 1 or (count == 0 and column in shape.needed):
            said = "is missing" if count == 0 else "is there twice"
            raise BadInput(f"{file.name}: the column {column} {said}")
    places = {column: names.index(column) for column in shape.columns if column in names}
    unread = columns(shape.name, names, {*shape.columns, REASON}) if shape.columns else []
    return Part(file, shape, len(names), places, REASON in names, unread)


def _records(file: CsvFile, tick: Callable[[int], None] | None = None) -> Iterator[Record]:
    with file.open() as opened:
        yield from csv_text.records(file.name, opened, _ENCODING, tick)
