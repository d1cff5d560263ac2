"""Finding the files of our own CSV, opening one, and holding its header to its table."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from graph import BadInput
from loaders import csv_text
from loaders.archives import is_zip
from loaders.csv_folder.tables import CSV_TABLES, TABLES, Table
from loaders.csv_set import CsvFile, csv_set
from loaders.csv_text import Record
from loaders.rejects import REASON

_FEWEST_SHARED = 2


@dataclass(frozen=True)
class Header:
    """The first record of a file, its line, and whether it is a file of rejects sent back."""

    names: list[str]
    line: int
    rejects: bool


def files_of(path: Path) -> dict[str, CsvFile]:
    """Find our own files in a folder or a zip, by their names; in a zip a folder may be around them.

    Return them by the names of their tables. Raise BadInput where there is none, or one is no file.
    """
    if path.is_dir():
        files, odd = _in_folder(path)
    elif path.is_file() and is_zip(path):
        files, odd = _in_zip(path)
    else:
        raise BadInput(f"{path.name} is not a folder or a zip; CSV files are read from one")
    if odd:
        raise BadInput("\n".join(odd))
    if not files:
        known = ", ".join(f"{name}.csv" for name in TABLES)
        raise BadInput(f"{path.name or 'The folder'} holds none of {known}")
    return files


def table_of(name: str) -> str | None:
    """The table that a file's name says, whatever its case; None where it says none of ours."""
    stem, dot, suffix = name.lower().rpartition(".")
    return stem if (dot + suffix, stem in TABLES) == (".csv", True) else None


def _in_folder(path: Path) -> tuple[dict[str, CsvFile], list[str]]:
    there = [one for one in sorted(path.iterdir()) if table_of(one.name)]
    odd = [f"{one.name} is not a file" for one in there if not one.is_file()]
    return _by_table(path, [CsvFile(one.name, one.stat().st_size, one) for one in there], odd)


def _in_zip(path: Path) -> tuple[dict[str, CsvFile], list[str]]:
    held = [replace(file, name=file.name.rpartition("/")[2]) for file in csv_set(path)]
    return _by_table(path, [file for file in held if table_of(file.name)], [])


def _by_table(
    path: Path, ours: list[CsvFile], odd: list[str]
) -> tuple[dict[str, CsvFile], list[str]]:
    by_name = {table_of(file.name): file for file in ours}
    times = Counter(table_of(file.name) for file in ours)
    twice = [f"{path.name} holds {name}.csv twice: keep one" for name, n in times.items() if n > 1]
    return {name: by_name[name] for name in TABLES if name in by_name}, [*odd, *twice]


def records(file: CsvFile, tick: Callable[[int], None] | None = None) -> Iterator[Record]:
    """Read the records of a file, empty ones left out.

    tick: called now and then with the bytes that are read.
    Return them one by one. Raise BadInput, with the line, where the file is not CSV in UTF-8.
    """
    with file.open() as opened:
        yield from csv_text.records(file.name, opened, tick=tick)


def header(table: Table, file: CsvFile) -> Header:
    """Read a file's header and hold it to its table.

    Return it. Raise BadInput with everything that is wrong with it.
    """
    found = next(records(file), None)
    if found is None:
        raise BadInput(f"{file.name} is empty: its first line must name the columns")
    names = [cell.strip() for cell in found.cells]
    problems = [*_unknown(table, names), *_absent(table, names)]
    if problems:
        raise BadInput("\n".join(f"{file.name}: {problem}" for problem in problems))
    return Header(names, found.last, REASON in names)


def like(file: CsvFile) -> list[Table]:
    """The tables of which a file has most columns, by its header; none where it cannot be read."""
    try:
        found = next(records(file), None)
    except BadInput:
        return []
    names = {cell.strip() for cell in found.cells} if found else set[str]()
    shared = {t.name: len(names & {column.name for column in t.columns}) for t in CSV_TABLES}
    most = max(shared.values())
    if most < _FEWEST_SHARED or 2 * most <= len(names):
        return []
    return [TABLES[name] for name, count in shared.items() if count == most]


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
