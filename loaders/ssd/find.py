"""Finding the tables of the Standard Safeguarding Dataset among CSV files, by their columns."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from graph import BadInput, Fault
from loaders import unread
from loaders.csv_set import CsvFile, csv_set
from loaders.csv_text import Record
from loaders.rejects import REASON
from loaders.ssd.tables import (
    HISTORY,
    HISTORY_COLUMN,
    Table,
    absent,
    left_unread,
    plain,
    table_of,
)


@dataclass(frozen=True)
class Place:
    """Where a table stands: its file, the line of its header, the place of each column that is read.

    reason: True in a file of rejects sent back. unread: its other columns.
    """

    table: Table
    file: CsvFile
    header: int
    width: int
    columns: dict[str, int]
    titles: dict[str, str]
    reason: bool
    unread: list[str]

    @property
    def makes(self) -> tuple[str, ...]:
        """The tables of rows that it makes; a column of JSON makes involvements too."""
        own, more = self.table.makes, HISTORY.makes if HISTORY_COLUMN in self.columns else ()
        return tuple(dict.fromkeys((*own, *more)))

    def records(self, tick: Callable[[int], None] | None = None) -> Iterator[Record]:
        """Its records, below the header. Raise BadInput where it is not CSV."""
        return (record for record in self.file.records(tick) if record.first > self.header)


@dataclass(frozen=True)
class Places:
    """The tables of one extract, and what its reader should know of the rest."""

    held: list[Place]
    warnings: list[Fault]

    @property
    def rejects(self) -> bool:
        """True where this is a folder of rejects sent back after repair."""
        return any(place.reason for place in self.held)

    @property
    def tables(self) -> list[Table]:
        """The tables that are there."""
        return list(dict.fromkeys(place.table for place in self.held))

    def of(self, table: Table) -> list[Place]:
        """The files of one table."""
        return [place for place in self.held if place.table is table]


def find(path: Path) -> Places:
    """Find the tables of a folder, a zip or a file.

    Return where they stand. Raise BadInput, with everything that is wrong, where there is none, or
    where a table lacks a column.
    """
    held, problems, warnings = [], [], []
    for file in csv_set(path):
        header = file.header()
        names = [plain(cell) for cell in header.cells] if header else []
        table = table_of(names)
        if header and table:
            problems += _unfit(file.name, table, names)
            held.append(_place(table, file, header, names))
        elif not left_unread(names):
            sentence = "has not the columns of a table of the SSD, and was not read"
            warnings.append(Fault(file=file.name, line=1, sentence=sentence))
    if not held:
        problems = [
            f"{path.name or 'The folder'} holds no table of the Standard Safeguarding Dataset: "
            "each file must have the names of the columns in its first line"
        ]
    if problems:
        raise BadInput("\n".join(problems))
    return Places(held, warnings)


def tables_in(path: Path) -> list[str]:
    """Name the tables that are there, whether or not they can be used."""
    found = (table_of([plain(cell) for cell in _cells(file)]) for file in csv_set(path))
    return list(dict.fromkeys(table.name for table in found if table))


def lacking(path: Path, places: Places) -> Iterator[Fault]:
    """A warning for each table that a full extract should hold, with its header alone if it is empty."""
    for table in absent(places.tables):
        made = (
            "identifiers are not known"
            if table.name.startswith("ssd_linked")
            else (f"what is missing of {' and '.join(table.makes)} is not taken for ended")
        )
        yield Fault(file=path.name, line=1, sentence=f"has no {table.name}: {made}")


def _cells(file: CsvFile) -> list[str]:
    header = file.header()
    return header.cells if header else []


def _place(table: Table, file: CsvFile, header: Record, names: list[str]) -> Place:
    columns = {name: names.index(name) for name in table.columns if name in names}
    return Place(
        table=table,
        file=file,
        header=header.last,
        width=len(names),
        columns=columns,
        titles={name: header.cells[place] for name, place in columns.items()},
        reason=REASON in names,
        unread=unread.columns(table.name, names, {*table.columns, REASON}),
    )


def _unfit(file: str, table: Table, names: list[str]) -> Iterator[str]:
    for name in table.need:
        if name not in names:
            yield f"{file} is {table.name} and lacks the column {name}: add it to the extract"
    for name in table.columns:
        if names.count(name) > 1:
            yield f"{file} has the column {name} twice: keep one"
