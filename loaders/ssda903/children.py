"""Who the children of the return are."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from graph import ChildRow, Fault, Identity, Row, Sex
from loaders.identities import of_identity
from loaders.ssda903.line import Line

_LATER = "differs from an earlier file; this later one is taken"


def children(lines: Iterable[Line]) -> Iterator[Row | Fault]:
    """Make a row of each child; of two files with one child the later corrects the earlier.

    Return rows, and faults: among them every row of a child whose birth one file gives twice.
    """
    known: dict[str, dict[int, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        _know(line)
        if line.wrong:
            for column, sentence in line.wrong.items():
                yield line.fault(column, sentence, "children", line.child)
        else:
            known[str(line.child)][id(line.table)].append(line)
    for child, files in known.items():
        agreed = []
        for own in files.values():
            if len({line.values["DOB"] for line in own} - {None}) > 1:
                sentence = "differs between the rows of this child: one of them is another child"
                for line in own:
                    yield line.fault("DOB", sentence, "children", child)
            else:
                agreed.append(own)
        if agreed:
            yield _child(child, agreed)


def _know(line: Line) -> None:
    if line.wrong:
        return
    if line.values["DOB"] is None:
        line.odd["DOB"] = "is missing; the row is taken"
    try:
        of_identity("birth_date", line.values["DOB"])
    except ValueError as error:
        line.wrong["DOB"] = str(error)


def _child(child: str, files: list[list[Line]]) -> ChildRow:
    """Fill in within a file, and correct from file to file."""
    found: dict[str, Any] = {}
    for own in files:
        said: dict[str, Any] = {}
        for line in own:
            if line is not own[0]:
                line.odd["CHILD"] = "is in this table before; what differs is not taken"
            now = {name: line.values.get(name) for name in ("UPN", "DOB", "SEX")}
            said = {name: value for name, value in now.items() if _says(value)} | said
        if found.get("DOB", said.get("DOB")) != said.get("DOB", found.get("DOB")):
            own[0].odd["DOB"] = _LATER
        found |= said
    file, number = files[-1][0].place
    who = Identity(
        upn=found.get("UPN"), birth_date=found.get("DOB"), sex=found.get("SEX", Sex.UNKNOWN)
    )
    return ChildRow(record=child, file=file, line=number, identity=who)


def _says(value: Any) -> bool:
    return value is not None and value is not Sex.UNKNOWN
