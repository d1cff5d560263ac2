"""Files of rejects that only their owner can read, beside CSV: text, JSON, XML and workbooks."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, cast
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from loaders.rejects import private_file
from loaders.xml_text import REJECTS, Element

Rejected = Iterable[tuple[Element, Mapping[int, str]]]
"""Elements, each with what is wrong with it by line."""


def private_text(path: Path, lines: Iterable[str]) -> Path:
    """Write lines, each as soon as it is made.

    Return the path. Raise BadInput as `private_file` does; so do the others here.
    """
    with private_file(path) as file:
        for line in lines:
            file.write(f"{line}\n".encode())
    return path


def private_json(path: Path, *documents: Any) -> Path:
    """Write documents of JSON, one after another. Return the path."""
    return private_text(path, (json.dumps(one, indent=1) for one in documents))


def private_xml(
    path: Path, around: Sequence[str], rejected: Rejected, head: Element | None = None
) -> Path | None:
    """Write elements, each after a comment that says why.

    around: the names of the elements around them, the root first; head: what stands below the root.
    Return the path; None where there is nothing to write.
    """
    each = iter(rejected)
    first = next(each, None)
    return private_text(path, _document(around, chain([first], each), head)) if first else None


def comment(why: str) -> str:
    """A reason as a comment in XML."""
    return f"<!-- {re.sub('-(?=-)', '- ', why)} -->"


def private_workbook(path: Path, sheets: Iterable[tuple[str, Iterable[Sequence[Any]]]]) -> Path:
    """Write rows to the sheets of a workbook, each with its title; a text never becomes a formula.

    Return the path.
    """
    with private_file(path) as file:
        book = openpyxl.Workbook(write_only=True)
        for title, rows in sheets:
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append([_cell(sheet, value) for value in row])
        book.save(file)
    return path


def _document(around: Sequence[str], rejected: Rejected, head: Element | None) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f"<?{REJECTS}?>"
    yield f"<{around[0]}>"
    if head:
        yield from _element(head, "  ")
    yield from (f"<{name}>" for name in around[1:])
    for element, reasons in rejected:
        why = "; ".join(f"line {line}: {reason}" for line, reason in sorted(reasons.items()))
        yield f"  {comment(why)}"
        yield from _element(element, "  ")
    yield from (f"</{name}>" for name in reversed(around))


def _element(element: Element, indent: str) -> Iterator[str]:
    if not element.children:
        yield f"{indent}<{element.name}>{escape(element.text)}</{element.name}>"
        return
    yield f"{indent}<{element.name}>"
    for part in element.children:
        yield from _element(part, f"{indent}  ")
    yield f"{indent}</{element.name}>"


def _cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, bool | int | float | date | None):
        return WriteOnlyCell(sheet, cast("Any", value))
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub(" ", str(value)))
    cell.data_type = "s"
    return cell
