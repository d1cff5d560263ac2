"""Which authorities cared for the children of the return earlier."""

from collections.abc import Iterable, Iterator
from datetime import date

from graph import Fault, Period, PointerKind, PointerRow, Row, authority_of
from loaders.ssda903.line import Line

# PREV_PERM: P2 special guardianship, P3 child arrangements. P1 is adoption, after which a child has a
# new identity, and P4 unknown, which it could be; Z1 is none.
_LINKED, _UNLINKED = {"P2", "P3"}, {"P1", "P4", "Z1"}
# LA_PERM where it is no authority in England: not available, and the other countries.
_NOT_NAMED = {"999", "WAL", "SCO", "NIR", "NUK"}


def earlier(lines: Iterable[Line]) -> Iterator[Row | Fault]:
    """Make a pointer of each earlier order that another authority arranged, but of no adoption.

    Return rows, and faults.
    """
    found: dict[str, PointerRow] = {}
    for line in lines:
        code, authority = line.values.get("PREV_PERM"), line.values.get("LA_PERM")
        if "" not in line.wrong and (code in _UNLINKED or code is authority is None):
            continue
        if code not in _LINKED and not line.wrong:
            line.wrong["PREV_PERM"] = "is no code of it, and could be an adoption: no link is made"
        if line.wrong:
            record = _record(line.child, authority) if line.child and authority else None
            for column, sentence in line.wrong.items():
                yield line.fault(column, sentence, "pointers", record)
        elif row := _pointer(line):
            found[row.record] = max(found.get(row.record, row), row, key=_ended)
    yield from found.values()


def _ended(row: PointerRow) -> tuple[date, bool]:
    return row.period.to or date.min, row.period.to_exact


def _pointer(line: Line) -> PointerRow | None:
    text = line.values["LA_PERM"]
    if text is None:
        line.odd["LA_PERM"] = "is missing, so that the row points to nobody"
        return None
    authority = authority_of(text)
    if authority is None and text not in _NOT_NAMED:
        line.odd["LA_PERM"] = "is no authority in England; it is taken as one that is not named"
    file, at = line.place
    return PointerRow(
        record=_record(str(line.child), text),
        file=file,
        line=at,
        child=str(line.child),
        kind=PointerKind.EARLIER_CARE,
        authority=authority and authority.number,
        period=line.values.get("DATE_PERM") or Period(),
    )


def _record(child: str, text: str) -> str:
    authority = authority_of(text)
    return f"{child}:LA_PERM:{authority.number if authority else '-'}"
