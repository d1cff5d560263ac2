"""Opening CSV: records with the line on which each starts, and a header held to its table."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from graph import BadInput
from loaders.csv_tables import Table

REASON = "reason"


class Record(NamedTuple):
    """One record: the lines from `first` to `last`, and its cells."""

    first: int
    last: int
    cells: list[str]


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
    first = 1
    try:
        with path.open("rb") as file, _text(file) as text:
            reader = csv.reader(text, strict=True)
            for cells in reader:
                if "".join(cells).strip():
                    yield Record(first, reader.line_num, cells)
                first = reader.line_num + 1
                if tick and not first % 1000:
                    tick(file.tell())
    except csv.Error as error:
        raise BadInput(f"{path.name}, line {first}: {_quoting(str(error))}") from None
    except UnicodeDecodeError:
        line = _line_not_utf8(path)
        raise BadInput(
            f"{path.name}, line {line}: is not UTF-8: save it as CSV UTF-8 and load it again"
        ) from None
    except OSError:
        raise BadInput(f"{path.name} cannot be read: look at its permissions") from None


def _text(file: BinaryIO) -> io.TextIOWrapper:
    return io.TextIOWrapper(file, encoding="utf-8-sig", newline="")


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


_QUOTING = (
    ("unexpected end", "a quote is opened here and not closed"),
    ("field larger", "a cell is longer than 128 KB; perhaps a quote is not closed"),
    ("expected after", "a quote is followed by more than a comma; double a quote inside a cell"),
)


def _quoting(error: str) -> str:
    return next((say for part, say in _QUOTING if part in error), "is not CSV")


def _line_not_utf8(path: Path) -> int:
    with path.open("rb") as file:
        return next((n for n, line in enumerate(file, 1) if not _is_utf8(line)), 1)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
