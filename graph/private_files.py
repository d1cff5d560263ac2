"""Files that only this user may read: keys and passwords."""

import os
from pathlib import Path


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


def is_open(file: Path) -> bool:
    """Whether other users may read or write it."""
    return bool(file.stat().st_mode & 0o077)
