"""Opening an Excel workbook that may be anything; every way in which it can fail is BadInput."""

import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import openpyxl
from defusedxml.ElementTree import fromstring

from graph import BadInput
from loaders.archives import parts_of
from loaders.places import is_shown
from loaders.sheet import Row, Sheet

MOST_BYTES = 500_000_000
# What is no sheet, as the words of all sheets, is held in memory whole.
MOST_BESIDE = 50_000_000
MOST_ROWS = 1_048_576
MOST_COLUMNS = 256
_HEAD = 10
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DIRECTORY = 65_536
_BROKEN = "is not a whole Excel workbook: open it in Excel, save it as .xlsx, and load it again"


@dataclass(frozen=True)
class Head:
    """The first rows of a sheet, by which it is known; size is the rows it says it has."""

    title: str
    hidden: bool
    size: int
    rows: list[Row]


def heads(path: Path) -> list[Head]:
    """Look at the first rows of every sheet.

    Return them in order. Raise BadInput where the file is not a workbook that can be read.
    """
    _look(path)
    with _open(path) as book:
        # openpyxl passes in silence over a sheet whose part is gone from the file.
        if len(book.sheetnames) != _declared(path):
            raise BadInput(f"{path.name} {_BROKEN}")
        sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "reset_dimensions")]
        found = [
            Head(s.title, s.sheet_state != "visible", s.max_row or 0, _rows(s, _HEAD))
            for s in sheets
        ]
    if not all(is_shown(head.title) for head in found):
        raise BadInput(f"{path.name} has a sheet with a sign in its name that cannot be shown")
    if len({head.title for head in found}) < len(found):
        raise BadInput(f"{path.name} has two sheets of the same name")
    return found


def load(path: Path, ticks: Mapping[str, Callable[[int], None]]) -> dict[str, Sheet]:
    """Read whole sheets.

    ticks: for the title of each sheet to read, what to call with the rows that are read.
    Return each by its title. Raise BadInput where a sheet cannot be read.
    """
    with _open(path) as book:
        found = {
            title: Sheet(title, _rows(book[title], MOST_ROWS, tick), book.epoch)
            for title, tick in ticks.items()
        }
    odd = [sheet for sheet in found.values() if sheet.has_formulas()]
    if odd:
        with _open(path, results=True) as book:
            for sheet in odd:
                sheet.results = _rows(book[sheet.title], MOST_ROWS)
    return found


def is_workbook(path: Path) -> bool:
    """Whether a file is a workbook, new, old or locked, or was one. Raise OSError as reading does."""
    with path.open("rb") as file:
        if file.read(len(_OLE)) == _OLE:
            return True
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.endswith("workbook.xml") for name in archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def _look(path: Path) -> None:
    if not path.is_file():
        raise BadInput(f"{path.name} is not a file")
    try:
        with path.open("rb") as file:
            head = file.read(512)
            if head.startswith(_OLE):
                raise BadInput(f"{path.name} {_old(head, file)}")
    except OSError:
        raise BadInput(f"{path.name} cannot be read: look at its permissions") from None
    for part in parts_of(path, MOST_BYTES, _BROKEN):
        if part.file_size > MOST_BESIDE and not part.filename.startswith("xl/worksheets/"):
            most = f"{MOST_BESIDE // 1_000_000} MB"
            raise BadInput(
                f"{path.name} has a part of more than {most} beside its sheets, which no return needs"
            )


def _old(head: bytes, file: BinaryIO) -> str:
    """What an old file is, by its directory, whose place its head says ([MS-CFB], 2.2)."""
    sector = 4096 if head[30:31] == b"\x0c" else 512
    file.seek((int.from_bytes(head[48:52], "little") + 1) * sector)
    if "EncryptedPackage".encode("utf-16-le") in file.read(_DIRECTORY):
        return "is protected by a password: save it without one, and load it again"
    return "is an old Excel file (.xls): save it as .xlsx, and load it again"


def _declared(path: Path) -> int:
    """How many sheets the workbook says it has."""
    with _whole(path.name), zipfile.ZipFile(path) as archive:
        part = next(name for name in archive.namelist() if name.endswith("workbook.xml"))
        return sum(e.tag.endswith("}sheet") for e in fromstring(archive.read(part)).iter())


@contextmanager
def _open(path: Path, results: bool = False) -> Iterator[Any]:
    """Open a workbook for reading; openpyxl's warnings quote cells, so they are not passed on."""
    with path.open("rb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with _whole(path.name):
            book = openpyxl.load_workbook(file, read_only=True, data_only=results, keep_links=False)
        try:
            yield book
        finally:
            book.close()


@contextmanager
def _whole(name: str) -> Iterator[None]:
    """Turn whatever openpyxl says of a broken file into one sentence that quotes no cell."""
    try:
        yield
    except Exception:
        raise BadInput(f"{name} {_BROKEN}") from None


def _rows(sheet: Any, most: int, tick: Callable[[int], None] | None = None) -> list[Row]:
    found: list[Row] = []
    for row in _whole_rows(sheet, most):
        found.append(row[:MOST_COLUMNS])
        if tick:
            tick(len(found))
    while found and all(value is None for value in found[-1]):
        found.pop()
    return found


def _whole_rows(sheet: Any, most: int) -> Iterator[Row]:
    with _whole(f"the sheet {sheet.title}"):
        sheet.reset_dimensions()
        for row in sheet.iter_rows(max_row=most, values_only=True):
            yield tuple(row)
