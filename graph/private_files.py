"""Files that only this user may read: keys and passwords."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


def write(file: Path, text: str) -> None:
    """Write one, mode 600, in one step, so that a crash leaves the old one or the new; folders are made."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)


def create(file: Path, text: str) -> None:
    """Write one where there is none; of several processes that try, one does, and all read the same."""
    own = file.with_name(f"{file.name}.{os.getpid()}")
    write(own, text)
    try:
        os.link(own, file)
    except FileExistsError:
        pass
    finally:
        own.unlink()


@contextmanager
def begun(file: Path) -> Iterator[BinaryIO]:
    """Open one that gets its name when it is whole, and leaves nothing where it fails.

    Raises FileExistsError rather than write over one.
    """
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        if file.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(file))
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)


def is_open(file: Path) -> bool:
    """Whether other users may read or write it."""
    return bool(file.stat().st_mode & 0o077)
