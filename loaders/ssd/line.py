"""One row of a table of the SSD: what its cells say, what is wrong with them, and what is odd."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeVar

from graph import Fault, Period
from loaders import days
from loaders.ssd import cells as ssd_cells
from loaders.ssd.find import Place
from loaders.tally import MOST_ALIKE, Tally

T = TypeVar("T")
# Rows of one table of which any may be meant by a row that cannot be read.
Records = Iterable[tuple[str, str | None]]
# What a refused row makes, where it may have been the only one to name its service.
_OF_SERVICES = {"practitioners", "involvements"}


class Line:
    """A row: its cells by column, and sentences on those that are wrong or odd.

    sure: False where it stands on several lines, and may have swallowed others with an open quote.
    under: the column in which the whole row stands, as one entry of a JSON array does; titles: what
    its own columns are called there.
    """

    __slots__ = (
        "_cells",
        "_columns",
        "_titles",
        "number",
        "odd",
        "place",
        "sure",
        "under",
        "wrong",
    )

    def __init__(
        self,
        place: Place,
        number: int,
        cells: Sequence[object],
        columns: Mapping[str, int],
        sure: bool = True,
        under: str = "",
        titles: Mapping[str, str] | None = None,
    ) -> None:
        self.place, self.number, self.sure, self.under = place, number, sure, under
        self.wrong: dict[str, str] = {}
        self.odd: dict[str, str] = {}
        self._cells, self._columns, self._titles = cells, columns, titles or place.titles

    @property
    def file(self) -> str:
        """The name of its file."""
        return self.place.file.name

    def raw(self, column: str) -> object:
        """A cell as it stands; None where there is no such column."""
        at = self._columns.get(column)
        return None if at is None else self._cells[at]

    def text(self, column: str) -> str | None:
        """A cell as text."""
        return ssd_cells.text(self.raw(column))

    def ident(self, column: str, need: bool = False) -> str | None:
        """An id; where there must be one, its absence is wrong."""
        found = self._read(ssd_cells.ident, column)
        if need and found is None:
            self.wrong.setdefault(column, "is missing")
        return found

    def day(self, column: str) -> date | None:
        """A date."""
        return self._read(ssd_cells.day, column)

    def period(self, first: str, last: str, extracted: date) -> Period:
        """The time from one column to another; both days are in it."""
        start, end = self.day(first), self.day(last)
        if start and end and end < start:
            self.wrong[last] = "is before the start"
            return Period()
        if start and start > extracted:
            self.odd[first] = "is after the date of the extract; the row is taken"
        return days.between(start, end)

    def told(self, column: str, sentence: str) -> tuple[str, str]:
        """The header under which a sentence stands, and the sentence; in an entry, it names the key."""
        title = self._titles.get(column, column)
        if self.under and column:
            return self.place.titles[self.under], f"{title} of an entry {sentence}"
        return title, sentence

    def _read(self, read: Callable[[object], T | None], column: str) -> T | None:
        try:
            return read(self.raw(column))
        except ValueError as error:
            self.wrong[column] = str(error)
            return None


class Notes:
    """What was not taken, and what is odd."""

    def __init__(self, warnings: Iterable[Fault]) -> None:
        self.faults: list[Fault] = []
        self.warnings = list(warnings)
        self._tally = Tally(self.warnings)
        self._refused: set[str] = set()

    def lines(self, place: Place, tick: Callable[[int], None] | None) -> Iterator[Line]:
        """The rows of a table; one that has not as many cells as the header is refused."""
        for record in place.records(tick):
            sure = record.first == record.last
            line = Line(place, record.first, record.cells, place.columns, sure)
            if len(record.cells) == place.width:
                yield line
            else:
                line.wrong[""] = f"must have {place.width} cells, as the header has"
                # By its department a post is known, too.
                posts = ("practitioners",) if "parents" in place.makes else ()
                self.refuse(line, [(table, None) for table in (*place.makes, *posts)])

    def refuse(self, line: Line, records: Records) -> None:
        """Note that a row is not taken, and what it would have made, or alone have named."""
        (table, record), *others = records
        self._refused.update((table, *dict(others)))
        if not self._refused.isdisjoint(_OF_SERVICES) and not self.refused("services"):
            self._refused.add("services")
            others.append(("services", None))
        for column, sentence in line.wrong.items():
            self.faults.append(_fault(line, column, sentence, table, record))
        for other, its in others:
            sentence = line.wrong.get("") or f"its {other} wait until the row is repaired"
            self.faults.append(_fault(line, "", sentence, other, its))

    def refused(self, table: str) -> bool:
        """True where a row that could have made some of a table was refused so far."""
        return table in self._refused

    def wait(self, line: Line, sentence: str, table: str, record: str) -> None:
        """Note that a good row waits for another one."""
        self.faults.append(_fault(line, "", sentence, table, record))

    def warn(self, line: Line) -> None:
        """Note what is odd about a row that is taken."""
        for column, sentence in line.odd.items():
            self.once(line, column, sentence, MOST_ALIKE)

    def once(self, line: Line, column: str, sentence: str, most: int = 1) -> None:
        """Note what is odd of many rows, at the first; most: how many are listed."""
        self._tally.add(line.file, line.number, *line.told(column, sentence), most)

    def end(self) -> None:
        """Say of what is odd how much more there is than is listed."""
        self._tally.end()


def _fault(line: Line, column: str, sentence: str, table: str, record: str | None) -> Fault:
    title, sentence = line.told(column, sentence)
    return Fault(
        file=line.file,
        line=line.number,
        column=title,
        sentence=sentence,
        table=table,
        record=record if line.sure else None,
    )
