"""The cells of one sheet, with the formulas whose results were not saved."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

_FORMULAS = (ArrayFormula, DataTableFormula)
_REFERENCE = re.compile(r"= *\+? *\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})(?: *([+-]) *([0-9]{1,5}))?")

T = TypeVar("T")
Row = tuple[Any, ...]


class Unsaved(ValueError):
    """A formula whose result is not in the file."""

    def __init__(self) -> None:
        super().__init__("is a formula without its result: open it in Excel, save, and load again")


@dataclass
class Sheet:
    """The cells of one sheet; rows and columns count from 1.

    rows: as written, so that a formula is a text that begins with "=". results: as last saved by
    Excel, only where there is a formula. epoch: the day from which the workbook counts.
    """

    title: str
    rows: list[Row]
    epoch: datetime
    results: list[Row] = field(default_factory=list)

    def value(self, row: int, column: int) -> Any:
        """What stands in a cell.

        Return None where it is empty. Raise Unsaved for a formula that has no result.
        """
        value = _at(self.rows, row, column)
        if not _formula(value):
            return value
        result = _at(self.results, row, column)
        if result is None:
            raise Unsaved
        return result

    def written(self, row: int, column: int) -> str:
        """What stands in a cell as text, a formula as it was written."""
        value = _at(self.rows, row, column)
        return str(value.text if isinstance(value, ArrayFormula) else value or "")

    def base(self, row: int, column: int) -> tuple[Any, int]:
        """Follow a formula such as =H2+5, through others like it, to where its value stands.

        Return that value, and the days to add. Raise Unsaved where it is any other formula, or
        leads back to itself.
        """
        days = 0
        seen = set()
        while (row, column) not in seen:
            seen.add((row, column))
            try:
                return self.value(row, column), days
            except Unsaved:
                column, row, more = _reference(_at(self.rows, row, column))
                days += more
        raise Unsaved

    def has_formulas(self) -> bool:
        """True where a cell holds a formula."""
        return any(_formula(value) for row in self.rows for value in row)

    def blank(self, row: int, columns: list[int]) -> bool:
        """True where a row has nothing in any of these columns."""
        return all(str(_at(self.rows, row, c) or "").strip() == "" for c in columns)


def of_cell(read: Callable[[Any], T]) -> Callable[[Sheet, int, int], T]:
    """Make a reader of cells of one that reads values."""
    return lambda sheet, row, column: read(sheet.value(row, column))


def _at(rows: list[Row], row: int, column: int) -> Any:
    cells = rows[row - 1] if 0 < row <= len(rows) else ()
    return cells[column - 1] if column <= len(cells) else None


def _formula(value: Any) -> bool:
    return value.startswith("=") if isinstance(value, str) else isinstance(value, _FORMULAS)


def _reference(formula: Any) -> tuple[int, int, int]:
    found = _REFERENCE.fullmatch(formula.strip()) if isinstance(formula, str) else None
    if not found:
        raise Unsaved
    column, row, sign, days = found.groups()
    return column_index_from_string(column), int(row), int(f"{sign or '+'}{days or 0}")
