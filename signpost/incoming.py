"""An incoming folder: what waits for a source, whether it is whole, and where it is put.

    DIR/SOURCE/NAME                     as it was sent
    DIR/SOURCE/taken/RECEIPT/sent/NAME  in hand; the receipt is the time at which it was taken
    DIR/SOURCE/done/RECEIPT/...         loaded, with report.txt, and rejects/ where rows were rejected
    DIR/SOURCE/failed/RECEIPT/...       not loaded, with report.txt
    DIR/SOURCE/taken/RECEIPT-again/...  in hand once more, because it changed after it was put away

Each move is one rename in one file system: a delivery is in one place, whole, whenever we are stopped.
"""

import fcntl
import os
import re
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from errno import ENOTDIR
from pathlib import Path
from typing import NamedTuple

from graph import BadInput, LoadStopped

TAKEN, DONE, FAILED = "taken", "done", "failed"
SENT, REPORT, REJECTS, STAMP = "sent", "report.txt", "rejects", ".stamp"
LOCK = ".signpost-watch.lock"
_TEMPORARY = re.compile(r"[.~].*|.*(~|\.(part|partial|filepart|tmp|temp|crdownload))", re.I | re.S)
# What a Mac leaves in every folder that it opens.
_NOTHING = re.compile(r"\.DS_Store|\._.*", re.S)


class Entry(NamedTuple):
    """A file or folder of a delivery: its path in it, what it is, and when it last changed."""

    path: str
    mode: int
    size: int
    changed: int


Stamp = tuple[Entry, ...]
_MOST_DEEP = 50
_CLOSED = 0  # the mode of what we may not look into


class Waiting(NamedTuple):
    """What a source sent, and the receipt under which it is in hand, if it is."""

    source: Path
    path: Path
    receipt: Path | None = None

    @property
    def hand(self) -> Path:
        """The folder in which it is in hand."""
        assert self.receipt is not None, "take it first"
        return self.receipt


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold an incoming folder for this process alone; the system lets go of it however we end.

    Raises LoadStopped where another watcher holds it.
    """
    lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LoadStopped(
                "Another signpost watch works on this folder; one is enough. Stop that one first."
            ) from None
        yield
    finally:
        os.close(lock)


def sources(folder: Path) -> list[Path]:
    """The folders of sources, in order of their names."""
    held = (one for one in folder.iterdir() if one.is_dir() and not one.is_symlink())
    return sorted(one for one in held if one.name[:1] != ".")


def loose(folder: Path) -> list[Path]:
    """What lies in the incoming folder itself, of no source."""
    held = (one for one in folder.iterdir() if one.is_symlink() or not one.is_dir())
    return [one for one in held if not is_temporary(one)]


def is_temporary(path: Path) -> bool:
    """Whether a file or folder has a name as unfinished ones have."""
    return bool(_TEMPORARY.fullmatch(path.name))


def waiting(source: Path) -> list[Waiting]:
    """What was in hand when we were stopped, and what is there under no temporary name.

    Raises OSError where something else stands in the place of our own folders.
    """
    for place in (source / name for name in (TAKEN, DONE, FAILED)):
        if place.is_symlink() or (place.exists() and not place.is_dir()):
            raise NotADirectoryError(
                ENOTDIR, f"its {place.name} is no folder of its own: rename it"
            )
    sent = [
        one for one in source.iterdir()
        if one.name not in (TAKEN, DONE, FAILED) and not is_temporary(one)
    ]  # fmt: skip
    held = (Waiting(source, one, one.parents[1]) for one in source.glob(f"{TAKEN}/*/{SENT}/*"))
    return [*held, *(Waiting(source, one) for one in sorted(sent))]


def stamp(path: Path) -> Stamp | None:
    """How a delivery stands, with everything inside; None where it cannot be seen just now."""
    try:
        return tuple(_entry(path, one) for one in (path, *sorted(_inside(path))))
    except PermissionError:
        return (Entry(".", _CLOSED, 0, 0),)
    except OSError:
        return None


def _inside(path: Path) -> Iterator[Path]:
    if stat.S_ISDIR(path.lstat().st_mode):
        yield from _every(path)


def _every(folder: Path, closed: type[OSError] | tuple[()] = ()) -> Iterator[Path]:
    """All that is in a folder, links not followed, however deep: os.walk may call itself for each level.

    closed: the error of folders that are passed over.
    """
    further = [folder]
    while further:
        try:
            held = list(os.scandir(further.pop()))
        except closed:
            continue
        yield from (Path(one.path) for one in held)
        further += [Path(one.path) for one in held if one.is_dir(follow_symlinks=False)]


def _entry(path: Path, one: Path) -> Entry:
    found = one.lstat()
    folder = stat.S_ISDIR(found.st_mode)
    size, changed = (0, 0) if folder else (found.st_size, found.st_mtime_ns)
    return Entry(str(one.relative_to(path)), stat.S_IFMT(found.st_mode), size, changed)


def whole(held: Stamp) -> bool:
    """Whether nothing inside has a temporary name, and there is something at all."""
    names = [entry.path.split("/")[-1] for entry in held[1:]]
    names = [name for name in names if not _NOTHING.fullmatch(name)]
    empty = stat.S_ISDIR(held[0].mode) and not names
    return not empty and not any(map(_TEMPORARY.fullmatch, names))


def hold_to_files(path: Path, held: Stamp) -> None:
    """Raise BadInput where a delivery is, or holds, what no extract does, or what we may not read."""
    if any(entry.mode not in (stat.S_IFREG, stat.S_IFDIR, _CLOSED) for entry in held):
        raise BadInput("It is, or holds, a link or a device: send files and folders only.")
    if max(entry.path.count("/") for entry in held) > _MOST_DEEP:
        raise BadInput(
            f"It holds folders more than {_MOST_DEEP} deep: send its files in one folder."
        )
    try:
        "".join((path.name, *(entry.path for entry in held))).encode()
    except UnicodeEncodeError:
        raise BadInput("It has, or holds, a name that is not UTF-8: rename it.") from None
    if not all(entry.mode and os.access(path / entry.path, os.R_OK) for entry in held):
        raise BadInput("It, or something in it, is closed to us: look at its permissions.")


def take(one: Waiting) -> Waiting:
    """Take a delivery in hand, where its sender does not reach it by its name; return how it stands."""
    if one.receipt:
        return one
    receipt = _free(one.source, f"{datetime.now():%Y%m%d-%H%M%S}")
    sent = receipt / SENT
    for folder in (receipt.parent, receipt, sent):
        folder.mkdir(mode=0o700, exist_ok=True)
    try:
        return Waiting(one.source, one.path.rename(sent / one.path.name), receipt)
    except OSError:
        tidy(one.source)
        raise


def _free(source: Path, name: str) -> Path:
    number, free = 1, name
    while any((source / where / free).exists() for where in (TAKEN, DONE, FAILED)):
        number += 1
        free = f"{name}-{number}"
    return source / TAKEN / free


def begin_again(one: Waiting) -> None:
    """Take away what an earlier try left beside a delivery."""
    receipt = one.hand
    for name in (REPORT, STAMP):
        (receipt / name).unlink(missing_ok=True)
    if (receipt / REJECTS).exists():
        shutil.rmtree(receipt / REJECTS)


def tidy(source: Path) -> None:
    """Take away receipts that were made for a delivery which never came into them."""
    for receipt in source.glob(f"{TAKEN}/*"):
        for folder in (receipt / SENT, receipt):
            with suppress(OSError):
                folder.rmdir()


def write_report(one: Waiting, lines: Iterable[str]) -> None:
    """Write the report of what is in hand, for its owner only."""
    write(one.hand / REPORT, "".join(f"{line}\n" for line in lines))


def write(path: Path, text: str) -> None:
    """Write a file that is not there yet, for its owner only."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "w", encoding="utf-8", errors="backslashreplace") as opened:
        opened.write(text)


def put(one: Waiting, where: str) -> Path:
    """Move a receipt, closed to all but its owner, to done or failed; return where it is then."""
    receipt = one.hand
    for path in list(_every(receipt, OSError)):
        _close(path, 0o700 if path.is_dir() else 0o600)
    target = one.source / where / receipt.name
    target.parent.mkdir(mode=0o700, exist_ok=True)
    return receipt.rename(target)


def _close(path: Path, mode: int) -> None:
    # Another's file cannot be changed; the folder around it is ours, and closed.
    with suppress(PermissionError):
        if not path.is_symlink():
            path.chmod(mode)
