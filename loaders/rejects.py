"""Rejected rows, written out to repair and send back; the files are their owner's only.

A cell of a CSV that a spreadsheet would take for a formula gets a no-break space in front: that is text
to every spreadsheet, and a blank to every loader, which drops it, so that the cell loads as it was.
"""

import csv
import io
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from graph import BadInput, Fault

REASON = "reason"
"""What the column or key is called in which a rejected row says why."""


def reasons(faults: Sequence[Fault]) -> dict[str, dict[int, str]]:
    """Put the faults of one row together; those of the whole row only where no cell is to blame.

    Return, for each file and line, what is wrong with the row, joined by "; ".
    """
    cells = {(fault.file, fault.line) for fault in faults if fault.column}
    said: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for fault in faults:
        if fault.column:
            said[fault.file][fault.line].append(f"{fault.column}: {fault.sentence}")
        elif (fault.file, fault.line) not in cells:
            said[fault.file][fault.line].append(fault.sentence)
    return {
        file: {line: "; ".join(dict.fromkeys(sentences)) for line, sentences in lines.items()}
        for file, lines in said.items()
    }


def inside(target: Path, name: str) -> Path:
    """Find the place of a file in the folder for rejects, by the name that it has in its extract.

    Return it. Raise BadInput where the name leads out of the folder.
    """
    path = target / name
    if ".." in Path(name).parts or not path.is_relative_to(target):
        raise BadInput(f"{path.name} would lie outside of the folder for rejects: rename it")
    return path


@contextmanager
def private_file(path: Path) -> Iterator[BinaryIO]:
    """Open a new file that only its owner can read; its folder is made where it is absent.

    Raise BadInput where the file is there already, or cannot be written to its end: then it is gone.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BadInput(f"{path.name} is there already: name an empty folder for rejects") from None
    except OSError:
        raise BadInput(f"{path.name} cannot be written: name another folder") from None
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
    except OSError:
        path.unlink(missing_ok=True)
        raise BadInput(f"{path.name} cannot be written to its end: make room for it") from None


# OWASP, "CSV injection"; the wide ones are those of East Asian keyboards.
_FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
_GUARD = "\u00a0"


def harmless(cell: Any) -> Any:
    """Guard a cell that a spreadsheet might run as a formula; return any other as it is."""
    if not isinstance(cell, str) or cell.startswith(_GUARD):
        return cell
    return f"{_GUARD}{cell}" if cell.lstrip().startswith(_FORMULA) else cell


def private_csv(path: Path, lines: Iterable[Sequence[Any]]) -> Path:
    """Write a CSV file that only its owner can read, in which no cell is a formula.

    Return its path. Raise BadInput as `private_file` does.
    """
    with private_file(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        # With another end of line, the writer does not quote a cell that holds a CR.
        csv.writer(text, lineterminator="\r\n").writerows(map(harmless, line) for line in lines)
        text.flush()
        text.detach()
    return path
