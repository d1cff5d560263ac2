"""The Children in Need census, the XML of 2017 to 2026, as docs/cin.md says."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import chain
from pathlib import Path

from graph import BadInput, Batch, Fault, Row, ServiceRow
from loaders.batches import Progress, Ticker, begin
from loaders.cin_child import SERVICE, take
from loaders.cin_head import head, sign
from loaders.cin_rejects import private_xml
from loaders.cin_tree import KEPT, NEVER
from loaders.rejects import reasons
from loaders.xml_text import Element, elements

FEED = "cin"
TABLES = ("services", "children", "involvements", "pointers")
MOST_FAULTS = 100_000
MOST_ALIKE = 100
_SHOWN = re.compile(r"[A-Za-z][A-Za-z0-9]{0,39}")


def read(
    path: Path, source: str, extracted: date, full: bool = True, progress: Progress | None = None
) -> Batch:
    """Read a Children in Need census.

    path: the XML file. full: False where it only adds and corrects; a file of rejects makes it so.
    Return a batch whose rows are read as they are asked for, with a fault for each row that is not
    taken and a warning for each that is odd. Raise BadInput where the file cannot be used.
    """
    batch = begin(FEED, source, extracted, full)
    found = head(path)
    faults: list[Fault] = []
    warnings = list(found.warnings(extracted))
    return batch.model_copy(
        update={
            "stream": _stream(path, extracted, faults, warnings, progress),
            "tables": TABLES,
            "full": full and not found.rejects,
            "faults": faults,
            "warnings": warnings,
        }
    )


def knows(path: Path) -> str | None:
    """Say by its root, collection and elements how a file is known as this census; None if not."""
    return sign(path)


def reject(path: Path, faults: Sequence[Fault], target: Path) -> Path | None:
    """Write the children of whom anything was rejected to repair, each after a comment that says why.

    path: the file that was read. target: the folder to write, made where it is absent.
    Return the file to load after repair, its owner's only and without the elements that are never
    read; None where no row was rejected. Raise BadInput as `read` does, and where it is there already.
    """
    wanted = reasons(faults)
    found = ((child, wanted[file]) for file, child in _children(path) if file in wanted)
    first = next(found, None) if wanted else None
    if first is None:
        return None
    return private_xml(target / f"{path.stem}.xml", head(path).header, chain([first], found))


def _children(
    path: Path, left: dict[str, int] | None = None, tick: Callable[[int], None] | None = None
) -> Iterator[tuple[str, Element]]:
    """Every Child, with the name of its place: a census may be one line from end to end."""
    for number, child in enumerate(elements(path, ("Child",), KEPT, left=left, tick=tick), 1):
        yield f"{path.name}/Child {number}", child


def _stream(
    path: Path,
    extracted: date,
    faults: list[Fault],
    warnings: list[Fault],
    progress: Progress | None,
) -> Iterator[Row]:
    size = path.stat().st_size
    tick = Ticker(progress, size).share(path.name, size)
    left: dict[str, int] = {}
    alike: Counter[tuple[str, str]] = Counter()
    empty = True
    yield ServiceRow(record=f"{SERVICE.id}/", service=SERVICE, file=path.name, line=1)
    for file, child in _children(path, left, tick):
        empty = False
        taken = take(child, file, extracted)
        yield from taken.rows
        faults += taken.faults
        if len(faults) > MOST_FAULTS:
            raise BadInput(
                f"More than {MOST_FAULTS:,} rows cannot be taken, the first of them: {faults[0]}. Look "
                "at how the file was made, and load it again."
            )
        for said in taken.warnings:
            alike[said.column, said.sentence] += 1
            if alike[said.column, said.sentence] <= MOST_ALIKE:
                warnings.append(said)
    if empty:
        raise BadInput(f"{path.name} holds no Child: there is nothing to load")
    warnings += chain(_further(path.name, alike), _unknown(path.name, left))


def _further(name: str, alike: Counter[tuple[str, str]]) -> Iterator[Fault]:
    """How many warnings were left out because there are so many like them."""
    for (column, sentence), count in alike.items():
        if count > MOST_ALIKE:
            more = f"{sentence} ({count - MOST_ALIKE:,} more of these)"
            yield Fault(file=name, line=1, column=column, sentence=more)


def _unknown(name: str, left: dict[str, int]) -> Iterator[Fault]:
    """Elements that the census does not have, or not there: a new one may be an old one renamed."""
    for element, line in left.items():
        if element not in NEVER:
            column = element if _SHOWN.fullmatch(element) else ""
            sentence = "is not an element of the census, or not at this place, and was not read"
            yield Fault(file=name, line=line, column=column, sentence=sentence)
