"""The rejected rows of a return in its own shape, to repair and send back."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, cast
from xml.etree import ElementTree

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from graph import Fault
from loaders import ssda903_workbook, ssda903_xml
from loaders.days import day
from loaders.rejects import private_csv, private_file, reasons
from loaders.sheet import Unsaved
from loaders.ssda903_find import find, shape_of
from loaders.ssda903_line import read_line
from loaders.ssda903_tables import EPISODES, READ, REASON, Kind, Table
from loaders.xml_text import REJECTS, Element

Grid = list[list[Any]]
_WITH = "goes with a rejected episode of the same child"
_UNEVEN = "compare the cells with the header, then take this cell away"


def write(path: Path, faults: Sequence[Fault], target: Path) -> Path | None:
    """Write what has faults; arguments and answer are those of ssda903.reject."""
    wanted = reasons(faults)
    shape = shape_of(path)
    if shape is ssda903_xml:
        return _xml(path, wanted, target / f"{path.stem}.xml")
    grids = _grids(find(path).tables, wanted)
    if not grids:
        return None
    if shape is ssda903_workbook:
        return _workbook(grids, target / f"{path.stem}.xlsx")
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
    """What a cell says: a formula's date where it has one, else what was written."""
    place = table.places[column]
    try:
        return table.sheet.value(number, place)
    except Unsaved:
        try:
            return day(table.sheet, number, place)
        except ValueError:
            return table.sheet.written(number, place)


def _workbook(grids: dict[Kind, Grid], path: Path) -> Path:
    with private_file(path) as file:
        book = openpyxl.Workbook(write_only=True)
        for kind, grid in grids.items():
            sheet = book.create_sheet(kind.name)
            for row in grid:
                sheet.append([_written(sheet, value) for value in row])
        book.save(file)
    return path


def _written(sheet: Any, value: Any) -> Any:
    """A cell to write; a text stays a text, even where it would be a formula."""
    if isinstance(value, bool | int | float | date | None):
        return WriteOnlyCell(sheet, cast("Any", value))
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub(" ", str(value)))
    cell.data_type = "s"
    return cell


def _xml(path: Path, wanted: dict[str, dict[int, str]], target: Path) -> Path | None:
    """Whole children, since a child's episodes are taken together."""
    rejected = ((file, child) for file, child in ssda903_xml.children(path) if file in wanted)
    first = next(rejected, None)
    if first is None:
        return None
    with private_file(target) as out:
        out.write(f'<?xml version="1.0" encoding="utf-8"?>\n<?{REJECTS}?>\n'.encode())
        out.write(f"<{ssda903_xml.ROOT}>\n".encode())
        for file, child in (first, *rejected):
            out.write(_element(child, "; ".join(dict.fromkeys(wanted[file].values()))) + b"\n")
        out.write(f"</{ssda903_xml.ROOT}>\n".encode())
    return target


def _element(child: Element, why: str) -> bytes:
    made = _made(child)
    made.insert(0, ElementTree.Comment(f" reason: {why} "))
    return ElementTree.tostring(made, encoding="utf-8", xml_declaration=False)


def _made(element: Element) -> ElementTree.Element:
    made = ElementTree.Element(element.name)
    made.text = element.text
    made.extend(_made(part) for part in element.children)
    return made
