"""CSV as text: records with the lines on which they stand, in bounded memory, and how they are written.

A line is at most MOST_LINE bytes, so that a broken file cannot fill the memory.
"""

import csv
import io
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from charset_normalizer import CharsetMatch, from_bytes

from graph import BadInput

MOST_LINE = 1_000_000
_SAMPLE = 1_000_000
_BLOCK = 262_144
# How Windows writes in the UK, and how other systems do.
_USUAL = "cp1252"
_LEGACY = [_USUAL, "cp1250", "mac_roman", "cp850"]
# With it, 600 made lists of British, Irish and Iberian names in cp1252 were all taken as that.
_STRONG = 0.15
_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class Record(NamedTuple):
    """One record: the lines from `first` to `last`, and its cells."""

    first: int
    last: int
    cells: list[str]


def records(
    name: str,
    file: BinaryIO,
    legacy: str | None = None,
    tick: Callable[[int], None] | None = None,
) -> Iterator[Record]:
    """Read the records of a file, empty ones left out.

    name: as messages say it. legacy: how a line is written that is not UTF-8; None where every line
    must be UTF-8. tick: called now and then with the bytes that are read.
    Return them one by one. Raise BadInput, with the line, where the file is not CSV.
    """
    first = 1
    reader = csv.reader(_lines(name, file, legacy), strict=True)
    try:
        for cells in reader:
            if "".join(cells).strip():
                yield Record(first, reader.line_num, cells)
            first = reader.line_num + 1
            if tick and not first % 1000:
                tick(file.tell())
    except csv.Error as error:
        raise BadInput(f"{name}, line {first}: {_quoting(str(error))}") from None


def legacy_of(file: BinaryIO) -> str:
    """How the lines of a file are written that are not UTF-8: guessed from its first megabyte.

    It is cp1252 unless the text makes much more sense otherwise; a few odd letters make sense in any.
    """
    sample = file.read(_SAMPLE)
    if wide := _WIDE.get(sample[:2]):
        return wide
    odd = b"\n".join(line for line in sample.split(b"\n") if not _is_utf8(line))
    found = from_bytes(odd, cp_isolation=_LEGACY)
    usual = next((one for one in found if _USUAL in one.could_be_from_charset), None)
    best = found.best()
    return best.encoding if best and _sense(best) > _sense(usual) + _STRONG else _USUAL


def _sense(match: CharsetMatch | None) -> float:
    """How much sense a text makes, from -1 to 1, as charset-normalizer tells."""
    return match.coherence - match.chaos if match else 0.0


def _lines(name: str, file: BinaryIO, legacy: str | None) -> Iterator[str]:
    if legacy == "utf-16":
        yield from _wide_lines(name, file)
        return
    for number, line in enumerate(_raw_lines(name, file), 1):
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        yield _decoded(name, number, line, legacy)


def _raw_lines(name: str, file: BinaryIO) -> Iterator[bytes]:
    """Lines that end in LF, CRLF or CR."""
    number, rest = 1, b""
    while block := file.read(_BLOCK):
        lines = (rest + block).splitlines(keepends=True)
        # A CR at the end may be half of a CRLF.
        rest = lines.pop() if not lines[-1].endswith(b"\n") else b""
        for line in (*lines, rest):
            if len(line) > MOST_LINE:
                raise BadInput(_too_long(name, number))
            number += line is not rest
        yield from lines
    yield from rest.splitlines(keepends=True)


def _wide_lines(name: str, file: BinaryIO) -> Iterator[str]:
    text = io.TextIOWrapper(file, encoding="utf-16", newline="")
    number = 0
    try:
        while line := text.readline(MOST_LINE + 1):
            number += 1
            if len(line) > MOST_LINE:
                raise BadInput(_too_long(name, number))
            yield line
    except UnicodeError:
        raise BadInput(f"{name}, line {number + 1}: is not UTF-16: save it as CSV UTF-8") from None
    finally:
        text.detach()


def _too_long(name: str, line: int) -> str:
    return (
        f"{name}, line {line}: is longer than 1 MB; perhaps it is no CSV, or a quote is not closed"
    )


def _decoded(name: str, number: int, line: bytes, legacy: str | None) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        if legacy is None:
            raise BadInput(
                f"{name}, line {number}: is not UTF-8: save it as CSV UTF-8 and load it again"
            ) from None
    return line.decode(legacy, errors="replace")


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


_QUOTING = (
    ("unexpected end", "a quote is opened here and not closed"),
    ("field larger", "a cell is longer than 128 KB; perhaps a quote is not closed"),
    ("expected after", "a quote is followed by more than a comma; double a quote inside a cell"),
)


def _quoting(error: str) -> str:
    return next((say for part, say in _QUOTING if part in error), "is not CSV")
