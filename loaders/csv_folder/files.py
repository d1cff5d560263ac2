"""Opening a file of our own CSV, and its header held to its table."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from graph import BadInput
from loaders import csv_text
from loaders.csv_folder.tables import Table
from loaders.csv_text import Record

REASON = "reason"


@dataclass(frozen=True)
class Header:
    """The first record of a file, its line, and whether it is a file of rejects sent back."""

    names: list[str]
    line: int
    rejects: bool


def records(path: Path, tick: Callable[[int], None] | None = None) -> Iterator[Record]:
    """Read the records of a file, empty ones left out.

    tick: called now and then with the bytes that are read.
    Return them one by one. Raise BadInput, with the line, where the file is not CSV in UTF-8.
    """
    try:
        with path.open("rb") as file:
            yield from csv_text.records(path.name, file, tick=tick)
    except OSError:
        raise BadInput(f"{path.name} cannot be read: look at its permissions") from None


def header(table: Table, path: Path) -> Header:
    """Read a file's header and hold it to its table.

    Return it. Raise BadInput with everything that is wrong with it.
    """
    found = next(records(path), None)
    if found is None:
        raise BadInput(f"{path.name} is empty: its first line must name the columns")
    names = [cell.strip() for cell in found.cells]
    problems = [*_unknown(table, names), *_absent(table, names)]
    if problems:
        raise BadInput("\n".join(f"{path.name}: {problem}" for problem in problems))
    return Header(names, found.last, REASON in names)


# A header that may be a cell of a file without header is told by its place alone.
_SHOWN = re.compile(r"[a-z]{1,20}(_[a-z]{1,20}){0,3}")


def _unknown(table: Table, names: list[str]) -> Iterator[str]:
    known = {column.name for column in table.columns} | {REASON}
    named = any(name in known for name in names)
    seen: set[str] = set()
    for place, name in enumerate(names, 1):
        if name not in known:
            shown = f" ({name})" if named and _SHOWN.fullmatch(name) else ""
            yield f"column {place}{shown} is not one of its columns"
        elif name in seen:
            yield f"column {place} ({name}) is there twice"
        seen.add(name)


def _absent(table: Table, names: list[str]) -> Iterator[str]:
    for column in table.columns:
        if column.required and column.name not in names:
            yield f"the column {column.name} is missing"
