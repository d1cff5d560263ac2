"""The Children in Need census, the XML of 2017 to 2026, as docs/cin.md says."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from graph import BadInput, Batch, Fault, Row, ServiceRow
from loaders.batches import Progress, Ticker, begin
from loaders.cells import code
from loaders.cin.child import SERVICE, take
from loaders.cin.head import head, sign
from loaders.cin.tree import KEPT, NEVER, POINTS
from loaders.reject_files import private_xml
from loaders.rejects import reasons
from loaders.tally import Tally
from loaders.unread import elements
from loaders.xml_text import Element, numbered, strangers

FEED = "cin"
TABLES = ("services", "children", "involvements", "pointers")
MOST_FAULTS = 100_000
_STRANGE = "is not an element of the census, or not at this place, and was not read"


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
    warnings, unread = list(found.warnings(extracted)), list[str]()
    return batch.model_copy(
        update={
            "stream": _stream(path, extracted, faults, warnings, unread, progress),
            "tables": TABLES,
            "full": full and not found.rejects,
            "faults": faults,
            "warnings": warnings,
            "unread": unread,
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
    if not wanted:
        return None
    found = numbered(path, "Child", KEPT)
    rejected = ((_read(child), wanted[file]) for file, child in found if file in wanted)
    around = ("Message", "Children")
    return private_xml(target / f"{path.stem}.xml", around, rejected, head(path).header)


def _read(element: Element) -> Element:
    """An element without the codes that point to no authority."""
    parts = [
        _read(one)
        for one in element.children
        if one.name not in POINTS or code(one.text) in POINTS[one.name]
    ]
    return replace(element, children=parts)


def _stream(
    path: Path,
    extracted: date,
    faults: list[Fault],
    warnings: list[Fault],
    unread: list[str],
    progress: Progress | None,
) -> Iterator[Row]:
    size = path.stat().st_size
    tick = Ticker(progress, size).share(path.name, size)
    left: dict[str, int] = {}
    tally, empty = Tally(warnings), True
    yield ServiceRow(record=f"{SERVICE.id}/", service=SERVICE, file=path.name, line=1)
    for file, child in numbered(path, "Child", KEPT, left, tick):
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
            tally.add(said.file, said.line, said.column, said.sentence)
    if empty:
        raise BadInput(f"{path.name} holds no Child: there is nothing to load")
    unread += elements(left, NEVER)
    for name, line in strangers(left, NEVER):
        tally.add(path.name, line, name, _STRANGE)
    tally.end()
