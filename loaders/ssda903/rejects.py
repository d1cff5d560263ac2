"""The rejected rows of a return in its own shape, to repair and send back."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from graph import Fault
from loaders.reject_files import private_workbook, private_xml
from loaders.rejects import private_csv, reasons
from loaders.sheet_days import kept
from loaders.ssda903 import workbook_shape, xml_shape
from loaders.ssda903.find import find, shape_of
from loaders.ssda903.line import DAYS, read_line
from loaders.ssda903.tables import EPISODES, READ, REASON, Kind, Table
from loaders.xml_text import numbered

Grid = list[list[Any]]
_WITH = "goes with a rejected episode of the same child"
_UNEVEN = "compare the cells with the header, then take this cell away"


def write(path: Path, faults: Sequence[Fault], target: Path) -> Path | None:
    """Write what has faults; arguments and answer are those of ssda903.reject."""
    wanted = reasons(faults)
    shape = shape_of(path)
    if shape is xml_shape:
        found = numbered(path, "CHILD", xml_shape.KEPT)
        children = ((one, wanted[file]) for file, one in found if file in wanted)
        return private_xml(target / f"{path.stem}.xml", [xml_shape.ROOT], children)
    grids = _grids([table for part in find(path).parts for table in part], wanted)
    if not grids:
        return None
    if shape is workbook_shape:
        sheets = ((kind.name, grid) for kind, grid in grids.items())
        return private_workbook(target / f"{path.stem}.xlsx", sheets)
    for kind, grid in grids.items():
        private_csv(target / f"{kind.name}.csv", grid)
    return target


def _grids(tables: list[Table], wanted: dict[str, dict[int, str]]) -> dict[Kind, Grid]:
    """The rejected rows by kind, each below its header; a child's episodes stay together."""
    grids: dict[Kind, Grid] = {}
    for kind in READ:
        own = [table for table in tables if table.kind is kind]
        rows = [row for table in own for row in _rows(table, wanted, _children(own, wanted))]
        if rows:
            grids[kind] = [[*kind.columns, REASON], *rows]
    return grids


def _children(tables: list[Table], wanted: dict[str, dict[int, str]]) -> set[str | None]:
    """Whose episodes were rejected."""
    return {
        read_line(table, number).child
        for table in tables
        for number in table.filled()
        if table.kind is EPISODES and _why(table, number, wanted)
    } - {None}


def _why(table: Table, number: int, wanted: dict[str, dict[int, str]]) -> str:
    file, line = table.origins[number - 1]
    return wanted.get(file, {}).get(line, "")


def _rows(
    table: Table, wanted: dict[str, dict[int, str]], children: set[str | None]
) -> Iterator[list[Any]]:
    for number in table.filled():
        why = _why(table, number, wanted)
        if not why and children and read_line(table, number).child in children:
            why = _WITH
        if why:
            cells = [_cell(table, number, column) for column in table.kind.columns]
            yield [*cells, why, *([_UNEVEN] if number in table.uneven else [])]


def _cell(table: Table, number: int, column: str) -> Any:
    return kept(table.sheet, number, table.places[column], column in DAYS)
