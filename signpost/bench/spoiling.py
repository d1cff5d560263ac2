"""Ways to spoil a file: a value, a row or an element, a header, bytes, an encoding; all by one seed."""

import re
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from signpost.bench import spoiling_cells, spoiling_trees

# How many rows are touched: few leave the rest to be taken, many meet each other.
AMOUNTS = (1, 3, 8, 16, 32)
BYTES = 0.15  # of the files, those of which the bytes are touched too
_BY_SUFFIX: dict[str, Callable[[Random, Path, int], int]] = {
    ".csv": spoiling_cells.spoil_csv,
    ".xlsx": spoiling_cells.spoil_workbook,
    ".xml": spoiling_trees.spoil_xml,
    ".json": spoiling_trees.spoil_json,
    ".zip": lambda random, path, rows: _spoil_zip(random, path, rows),
}
_ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "utf-8-sig", "cp037", "utf-7", "cp1252", "mac_roman")
_SIGNS = (
    b'"',
    b'""',
    b",",
    b"\n",
    b"\r",
    b"\0",
    b";",
    b"<",
    b">",
    b"&",
    b"{",
    b"]",
    b"\x1a",
    b"\x85",
)


def spoil(random: Random, path: Path) -> int:
    """Spoil what is at a path, a file or a folder of them.

    Return how many rows, elements or objects were touched.
    """
    files = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
    touched = _spoil_rows(random, files, random.choice(AMOUNTS))
    if random.random() < BYTES:
        touched += _spoil_bytes(random, random.choice(files))
    return touched


def _spoil_rows(random: Random, files: Sequence[Path], rows: int) -> int:
    """Spoil so many rows, wherever they are; return how many are others than before."""
    each = Counter(random.choices(files, k=rows))
    return sum(_BY_SUFFIX[file.suffix](random, file, count) for file, count in each.items())


def _spoil_zip(random: Random, path: Path, rows: int) -> int:
    """Spoil rows of the files in a zip, and pack them again."""
    with TemporaryDirectory() as name, zipfile.ZipFile(path) as packed:
        packed.extractall(name)
        inside = [Path(name, one) for one in packed.namelist() if not one.endswith("/")]
        touched = _spoil_rows(random, inside, rows)
        again = BytesIO()
        with zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as archive:
            for one in inside:
                archive.write(one, one.relative_to(name))
    path.write_bytes(again.getvalue())
    return touched


def _spoil_bytes(random: Random, path: Path) -> int:
    """Spoil bytes of a file; return how many lines are others than before."""
    data = path.read_bytes()
    spoilt = random.choice(_BYTES)(random, data) if data else data
    path.write_bytes(spoilt)
    return len(set(spoilt.splitlines()) - set(data.splitlines())) or 1


def _cut(random: Random, data: bytes) -> bytes:
    return data[: random.randrange(len(data))]


def _noise(random: Random, data: bytes) -> bytes:
    at = random.randrange(len(data))
    return data[:at] + random.randbytes(random.choice([1, 3, 40])) + data[at:]


def _sign(random: Random, data: bytes) -> bytes:
    at = random.randrange(len(data))
    return data[:at] + random.choice(_SIGNS) + data[at + 1 :]


def _encoding(random: Random, data: bytes) -> bytes:
    text = data.decode("utf-8", errors="replace")
    return text.encode(random.choice(_ENCODINGS), errors="replace")


def _mixed(random: Random, data: bytes) -> bytes:
    """Some lines in another encoding than the rest."""
    lines = data.splitlines(keepends=True)
    for at in random.sample(range(len(lines)), min(3, len(lines))):
        text = lines[at].decode("utf-8", errors="replace").replace("e", "é")
        lines[at] = text.encode("cp1252", errors="replace")
    return b"".join(lines)


def _twice(random: Random, data: bytes) -> bytes:
    return data + data[random.randrange(len(data)) :]


def _line_ends(random: Random, data: bytes) -> bytes:
    return re.sub(rb"\r?\n", lambda _: random.choice([b"\r\n", b"\r", b"\n", b"\n\n"]), data)


def _gone(random: Random, data: bytes) -> bytes:
    return random.choice([b"", b" ", b"\xef\xbb\xbf", b"\0" * 40])


_BYTES: tuple[Callable[[Random, bytes], bytes], ...] = (
    _cut,
    _noise,
    _noise,
    _sign,
    _sign,
    _sign,
    _encoding,
    _mixed,
    _twice,
    _line_ends,
    _gone,
)
