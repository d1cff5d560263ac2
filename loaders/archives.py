"""Zips, and the workbooks that are zips: held to what an extract needs before any of it is unpacked."""

import zipfile
from pathlib import Path, PurePosixPath

from graph import BadInput
from loaders.places import is_shown

MOST_FILES = 10_000
# Deflate packs text of people and dates 5 to 30 times; a bomb, a thousand times.
MOST_PACKED = 200
_SMALL = 10_000_000
_STARTS = (b"PK\x03\x04", b"PK\x05\x06")


def is_zip(path: Path) -> bool:
    """Whether a file begins as a zip does. Raise BadInput where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(4) in _STARTS
    except OSError:
        raise BadInput(f"{path.name} cannot be read: look at its permissions") from None


def parts_of(path: Path, most: int, broken: str) -> list[zipfile.ZipInfo]:
    """Look at what a zip holds, by its own list. Return its parts. Raise BadInput as `opened` does."""
    with opened(path, most, broken) as archive:
        return archive.infolist()


def opened(path: Path, most: int, broken: str) -> zipfile.ZipFile:
    """Open a zip; it is closed when nothing holds it any more.

    most: bytes that it may unpack to. broken: what to say of one that is not whole.
    Return it. Raise BadInput where it cannot be read, or is broken, locked, a bomb, or holds files
    that leave it or share a name.
    """
    try:
        archive = zipfile.ZipFile(path)
    except OSError:
        raise BadInput(f"{path.name} cannot be read: look at its permissions") from None
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise BadInput(f"{path.name} {broken}") from None
    if problem := _unfit(archive.infolist(), most):
        archive.close()
        raise BadInput(f"{path.name} {problem}")
    return archive


def _leaves(name: str) -> bool:
    """Whether a file of a zip names a place that is not inside it."""
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts


def _unfit(parts: list[zipfile.ZipInfo], most: int) -> str | None:
    if any(part.flag_bits & 1 for part in parts):
        return "is protected by a password: save it without one, and load it again"
    if len(parts) > MOST_FILES:
        return f"holds more than {MOST_FILES:,} files, which no return needs"
    if sum(part.file_size for part in parts) > most:
        return f"unpacks to more than {most // 1_000_000:,} MB, which no return needs"
    if any(p.file_size > _SMALL and p.file_size > MOST_PACKED * p.compress_size for p in parts):
        return (
            f"holds a file packed more than {MOST_PACKED} times, as no extract is: look at it first"
        )
    if any(_leaves(part.filename) for part in parts):
        return "holds a file that would lie outside of the folder in which it is unpacked: look at it first"
    if len({part.filename for part in parts}) < len(parts):
        return "holds two files of one name: nobody can say which of them is meant"
    if not all(is_shown(part.filename) for part in parts):
        return "holds a file with a sign in its name that cannot be shown: rename it"
    return None
