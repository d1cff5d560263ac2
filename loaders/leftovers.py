"""What lies in a folder or zip beside an extract, and is not read with it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from graph import Fault
from loaders.archives import is_zip, parts_of
from loaders.csv_set import MOST_BYTES
from loaders.workbook import is_workbook

_SENTENCE = "has not the ending of the files of this kind, and was not read"
_MAC = "__MACOSX"


def files_in_sight(path: Path) -> Iterator[Path]:
    """Every file of a folder, at any depth, but for what is hidden; nothing of what is no folder."""
    held = sorted(path.rglob("*")) if path.is_dir() else []
    return (one for one in held if one.is_file() and _is_seen(one.relative_to(path).parts))


def not_read(path: Path, suffixes: Sequence[str]) -> Iterator[Fault]:
    """A warning for each file of a folder or zip whose name does not end as a loader's files do.

    path: what was read. suffixes: of the names that it reads.
    """
    if path.is_dir():
        names = [str(one.relative_to(path)) for one in files_in_sight(path)]
    elif suffixes and is_zip(path) and not is_workbook(path):
        parts = parts_of(path, MOST_BYTES, "")
        names = [part.filename for part in parts if not part.is_dir()]
    else:
        return
    for name in names:
        if not name.lower().endswith(tuple(suffixes)) and _is_seen(name.split("/")):
            yield Fault(file=name, line=1, sentence=_SENTENCE)


def _is_seen(names: Sequence[str]) -> bool:
    return not any(name[:1] == "." or name == _MAC for name in names)
