"""From the cells of one CSV file to the rows of its table."""

from collections.abc import Callable, Iterator
from typing import Any

from pydantic import ValidationError

from graph import Fault, Row, explain
from loaders.csv_folder.files import Header, records
from loaders.csv_folder.tables import Table
from loaders.csv_set import CsvFile
from loaders.csv_text import Record

_ASKING = {"yes", "withdrawn"}  # what a cell says that hides
_HIDDEN = (
    "asks to hide, and its cells cannot be told apart: what its id names is hidden all the same"
)


class CsvRows:
    """One file on its way from cells to rows; what is not taken goes to the faults."""

    def __init__(self, table: Table, file: CsvFile, header: Header, faults: list[Fault]) -> None:
        self._table, self._file, self._header, self._faults = table, file, header, faults
        places = {name: place for place, name in enumerate(header.names)}
        parts = ("", *table.parts)
        self._plan = [
            (places[column.name], parts.index(column.part), column.key or column.name, column)
            for column in table.columns
            if column.name in places
        ]
        self._own = [places.get(name) for name in table.record]

    def read(self, tick: Callable[[int], None]) -> Iterator[Row]:
        """Read the file.

        tick: called now and then with the bytes that are read.
        Return its good rows one by one. Raise BadInput where the file cannot be used.
        """
        below = self._header.line
        rows = (self._row(r) for r in records(self._file, tick) if r.first > below)
        return (row for row in rows if row is not None)

    def _row(self, record: Record) -> Row | None:
        if len(record.cells) != len(self._header.names):
            cells = len(self._header.names)
            return self._refuse(record, {"": f"must have {cells} cells, as the header has"}, None)
        data, wrong = self._taken(record)
        name = self._name(record)
        data |= {"record": name, "file": self._file.name, "line": record.first}
        try:
            row = self._table.row.model_validate(data)
        except ValidationError as error:
            row = None
            for field, sentence in explain(error, self._table.row):
                wrong.setdefault(self._table.header(field), sentence)
        known = name if wrong.keys().isdisjoint(self._table.record) else None
        return self._refuse(record, wrong, known, _between(data, wrong)) if wrong else row

    def _taken(self, record: Record) -> tuple[dict[str, Any], dict[str, str]]:
        """The cells, each in its part of the row, and a sentence for each that cannot be read."""
        whole, *inner = parts = [{} for _ in range(len(self._table.parts) + 1)]
        wrong: dict[str, str] = {}
        for place, part, key, column in self._plan:
            cell = record.cells[place].strip()
            try:
                if cell:
                    parts[part][key] = column.read(cell) if column.read else cell
                elif column.required:
                    wrong[column.name] = "is missing"
            except ValueError as error:
                wrong[column.name] = str(error)
        return whole | dict(zip(self._table.parts, inner, strict=True)), wrong

    def _name(self, record: Record) -> str:
        """The row's own id."""
        return "/".join(
            record.cells[place].strip() if place is not None and place < len(record.cells) else ""
            for place in self._own
        )[:140]

    def _hides(self, record: Record) -> bool:
        """True where the row asks to hide something: anything but nothing counts as asking."""
        # What says how far consent goes may narrow what was given before.
        narrow = {"consent_until": ("",), "consent_for": ("",)}
        harmless = {"shielded": ("", "no"), "consent": ("", "given"), **narrow}
        cells = dict(zip(self._header.names, record.cells, strict=False))
        if len(record.cells) != len(self._header.names):
            # Each cell may stand one further on than it should.
            asking = {cell.strip().lower() for cell in record.cells} & _ASKING
            return bool(asking and harmless.keys() & set(self._header.names))
        return any(
            cells[name].strip().lower() not in words
            for name, words in harmless.items()
            if name in cells
        )

    def _refuse(
        self,
        record: Record,
        wrong: dict[str, str],
        name: str | None,
        between: tuple[str, str] | None = None,
    ) -> None:
        # A record over several lines may have swallowed others with an open quote: none is sure.
        sure = name if record.first == record.last else None
        hides = self._hides(record)
        if hides and sure is None and (meant := self._name(record)):
            told = {"file": self._file.name, "line": record.first, "table": self._table.name}
            self._faults.append(Fault(**told, sentence=_HIDDEN, record=meant, hides=True))
        self._faults += [
            Fault(
                file=self._file.name,
                line=record.first,
                column=column,
                sentence=sentence,
                table=self._table.name,
                record=sure,
                hides=hides,
                between=between if sure else None,
            )
            for column, sentence in wrong.items()
        ]


def _between(data: dict[str, Any], wrong: dict[str, str]) -> tuple[str, str] | None:
    """The child and the service of a row, where both could be read."""
    child, service = data.get("child"), data.get("service")
    return (child, service) if child and service and not {"child", "service"} & set(wrong) else None
