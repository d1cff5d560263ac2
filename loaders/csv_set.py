"""The CSV files of another system: in a folder, in a zip, or one alone, in whatever encoding."""

import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from graph import BadInput
from loaders import csv_text
from loaders.archives import is_zip, opened
from loaders.batches import files_in
from loaders.csv_text import Record

MOST_BYTES = 20_000_000_000
_BROKEN = "is not a whole zip file or workbook: make it again, and load it again"
_BREAKS = (
    zipfile.BadZipFile, EOFError, NotImplementedError, zlib.error, lzma.LZMAError, UnicodeDecodeError,
)  # fmt: skip


@dataclass(frozen=True)
class CsvFile:
    """One CSV file: the name that messages say, its size in bytes, and how it is opened."""

    name: str
    size: int
    path: Path
    inside: str | None = None
    archive: zipfile.ZipFile | None = field(default=None, repr=False, compare=False)
    """The zip that it is in, opened once for all: each opening reads the list of all its files."""

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Open it. Raise BadInput where it cannot be read, or the zip around it is broken."""
        try:
            if self.inside is None or self.archive is None:
                with self.path.open("rb") as file:
                    yield file
            else:
                with self.archive.open(self.inside) as file:
                    yield cast("BinaryIO", file)
        except OSError:
            raise BadInput(f"{self.name} cannot be read: look at its permissions") from None
        except _BREAKS:
            raise BadInput(f"{self.path.name} {_BROKEN}") from None

    def records(self, tick: Callable[[int], None] | None = None) -> Iterator[Record]:
        """Read its records, the header first, empty ones left out, in bounded memory.

        tick: called now and then with the bytes that are read.
        Return them one by one. Raise BadInput, with the line, where it is not CSV.
        """
        with self.open() as file:
            legacy = csv_text.legacy_of(file)
        with self.open() as file:
            yield from csv_text.records(self.name, file, legacy, tick)

    def header(self) -> Record | None:
        """Its first record, cells without blanks around them; None where it is empty."""
        found = next(self.records(), None)
        return found and found._replace(cells=[cell.strip() for cell in found.cells])


def csv_set(path: Path) -> list[CsvFile]:
    """Find the CSV files of a folder, of a zip, or the one that `path` is, in order of their names.

    Return them. Raise BadInput where there is none, or where a zip is broken, locked or a bomb.
    """
    if path.is_dir():
        found = [CsvFile(name, one.stat().st_size, one) for name, one in files_in(path, ".csv")]
    elif path.is_file() and is_zip(path):
        found = _zipped(path)
    elif path.is_file():
        found = [CsvFile(path.name, path.stat().st_size, path)]
    else:
        raise BadInput(f"{path.name} is not there")
    if not found:
        raise BadInput(f"{path.name or 'The folder'} holds no CSV file")
    return found


def _zipped(path: Path) -> list[CsvFile]:
    archive = opened(path, MOST_BYTES, _BROKEN)
    parts = sorted(archive.infolist(), key=lambda part: part.filename)
    return [
        CsvFile(part.filename, part.file_size, path, part.filename, archive)
        for part in parts
        if part.filename.lower().endswith(".csv") and not part.filename.startswith("__MACOSX/")
    ]
