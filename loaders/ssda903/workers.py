"""The social workers of the return, 2024 and later, and their times with children."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from graph import (
    AllocationRow,
    Fault,
    Practitioner,
    PractitionerRow,
    Profession,
    Row,
    ServiceRow,
)
from loaders.days import between
from loaders.ssda903.line import Line
from loaders.ssda903.rows import TEAM


def workers(lines: Iterable[Line]) -> Iterator[Row | Fault]:
    """Make rows of social workers' times with children.

    SW_REASON says why a time began, and stands with it.
    Return rows, and faults.
    """
    by_child: dict[str, dict[str, Line]] = defaultdict(dict)
    for line in lines:
        _check(line)
        if line.wrong:
            yield from _refused(line)
            continue
        own, record = by_child[str(line.child)], _allocation(line)
        own[record] = max(own.get(record, line), line, key=_order)
    for own in by_child.values():
        yield from _of_child(sorted(own.values(), key=_order))


def _order(line: Line) -> tuple[date, date, str, str]:
    """In time; of two rows of one record the one that has ended comes later."""
    said = line.values
    start, end = said["SW_DECOM"] or date.min, said["SW_DEC"] or date.min
    return start, end, said["SW_ID"], said.get("SW_REASON") or ""


def _check(line: Line) -> None:
    said = line.values
    if "" not in line.wrong and said.get("SW_ID") is None:
        line.wrong.setdefault("SW_ID", "is missing")
    start, end = said.get("SW_DECOM"), said.get("SW_DEC")
    if start and end and end < start:
        line.wrong["SW_DEC"] = "is before SW_DECOM"
    elif start is None and not line.wrong:
        line.odd["SW_DECOM"] = "is missing; the row is taken"


def _allocation(line: Line) -> str:
    return f"{line.child}:{line.values['SW_ID']}:{line.values['SW_DECOM'] or '-'}"


def _of_child(lines: list[Line]) -> Iterator[Row]:
    for line in lines:
        file, number = line.place
        at = {"file": file, "line": number}
        who = _practitioner(line.values["SW_ID"])
        yield ServiceRow(record=f"{TEAM.id}/", service=TEAM, **at)
        yield PractitionerRow(record=f"{who.id}/{TEAM.id}", practitioner=who, service=TEAM.id, **at)
        yield AllocationRow(
            record=_allocation(line),
            child=str(line.child),
            practitioner=who.id,
            service=TEAM.id,
            period=between(line.values["SW_DECOM"], line.values["SW_DEC"]),
            change_reason=line.values.get("SW_REASON"),
            **at,
        )


def _practitioner(number: str) -> Practitioner:
    """A worker of whom the return says a number and no name; SW and digits are the register's."""
    registered = number[:2] == "SW" and number[2:].isdigit()
    return Practitioner(
        id=number,
        name="Social worker",
        profession=Profession.SOCIAL_WORKER,
        registration=number if registered else None,
    )


def _refused(line: Line) -> Iterator[Fault]:
    number = line.values.get("SW_ID")
    known = line.child and number and "SW_DECOM" not in line.wrong
    record = _allocation(line) if known else None
    for column, sentence in line.wrong.items():
        yield line.fault(column, sentence, "allocations", record)
    waits = "its worker waits until the row is repaired"
    yield line.fault("", waits, "practitioners", number and f"{number}/{TEAM.id}")
