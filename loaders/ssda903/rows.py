"""From the rows of the return to children, times of care, homes, workers and pointers."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from graph import (
    UNNAMED,
    Agency,
    Fault,
    InvolvementKind,
    InvolvementRow,
    Period,
    PointerKind,
    PointerRow,
    Row,
    Service,
    ServiceRow,
)
from loaders.days import one_day
from loaders.services import service
from loaders.ssda903.care import (
    CONTINUES,
    ENDS,
    LEGAL,
    SHORT_BREAKS,
    TAKEN_OVER,
    Episode,
    Span,
    episode,
    periods,
    settled,
    stays,
)
from loaders.ssda903.line import Line

TEAM = service("Children looked after", Agency.SOCIAL_CARE)
_WAITS = "waits until every episode of its child can be read"


def care(lines: list[Line], born: dict[str, date], extracted: date) -> Iterator[Row | Fault]:
    """Make rows of all episodes; a child's are taken together or not at all.

    born: dates of birth by child. extracted: the day of the extract.
    Return rows, and a fault for each row that is not taken.
    """
    by_child: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        _check(line)
        if line.child is None:
            yield from _refused(line)
        else:
            by_child[line.child].append(line)
    for child, own in by_child.items():
        if any(line.wrong for line in own):
            for line in own:
                yield from _refused(line)
        else:
            _compare(own, born.get(child), extracted)
            yield from _of_child(child, own)


def _check(line: Line) -> None:
    said = line.values
    if "" not in line.wrong and said.get("DECOM") is None:
        line.wrong.setdefault("DECOM", "is missing")
    if said.get("DECOM") and said.get("DEC") and said["DEC"] < said["DECOM"]:
        line.wrong["DEC"] = "is before DECOM"


def _compare(lines: Iterable[Line], born: date | None, extracted: date) -> None:
    for line in lines:
        start, end, rec = (line.values[name] for name in ("DECOM", "DEC", "REC"))
        if start > extracted:
            line.odd["DECOM"] = "is after the date of the extract; the row is taken"
        elif born and start < born:
            line.odd["DECOM"] = "is before the child was born; the row is taken"
        if rec and not end:
            line.odd["REC"] = "is given, and DEC is not; the episode is taken as open"
        elif rec and rec not in ENDS and rec != CONTINUES:
            line.odd["REC"] = "is not a code of REC; the row is taken without it"
        elif end and not rec:
            line.odd["REC"] = "is missing, though DEC is given; the row is taken"
        if line.values["LS"] not in LEGAL:
            line.odd["LS"] = (
                "is no legal status that is known: it could be a short break, and is taken as care"
            )


def _of_child(child: str, lines: list[Line]) -> Iterator[Row]:
    full = [line for line in lines if line.values["LS"] not in SHORT_BREAKS]
    episodes = settled(map(episode, full))
    if episodes:
        yield _row(lines[0], ServiceRow, f"{TEAM.id}/", service=TEAM)
    for span in _continued(periods(episodes), lines):
        record = f"{child}:{span.start}"
        yield _involved(span, record, child, TEAM, InvolvementKind.LOOKED_AFTER)
    for home in sorted({one.home for one in episodes if one.home}):
        yield from _stays(child, home, episodes)
    for span in stays(one for one in episodes if one.away):
        record = f"{child}:PR2:{span.start}"
        yield _pointer(span.line, record, child, PointerKind.PLACED_WITH, span.period)
    for end, one in {one.end: one for one in episodes if one.rec == TAKEN_OVER}.items():
        if end:
            kind, record = PointerKind.CARE_TAKEN_OVER, f"{child}:E3:{end}"
            yield _pointer(one.line, record, child, kind, one_day(end))


def _continued(spans: list[Span], lines: list[Line]) -> Iterator[Span]:
    """The same; the last row of a period that should go on, and does not, is odd."""
    starts = {line.values["DECOM"] for line in lines}
    for span in spans:
        if span.rec == CONTINUES and span.end and span.end not in starts:
            span.last.odd["REC"] = "is X1, and no episode begins that day; the period ends with it"
        yield span


def _stays(child: str, urn: str, episodes: list[Episode]) -> Iterator[Row]:
    home = Service(
        id=f"urn:{urn}",
        name=f"Ofsted-registered home {urn}",
        agency=Agency.SOCIAL_CARE,
        sensitive=True,
        code=f"urn:{urn}",
    )
    for span in stays(one for one in episodes if one.home == urn):
        where = {"service": home, "authority": UNNAMED}
        yield _row(span.line, ServiceRow, f"{home.id}/{UNNAMED}", **where)
        yield _involved(span, f"{child}:{urn}:{span.start}", child, home, None)


def _involved(
    span: Span, record: str, child: str, by: Service, kind: InvolvementKind | None
) -> InvolvementRow:
    said = {"child": child, "service": by.id, "period": span.period, "kind": kind}
    return _row(span.line, InvolvementRow, record, **said)


def _pointer(line: Line, record: str, child: str, kind: PointerKind, period: Period) -> PointerRow:
    return _row(line, PointerRow, record, child=child, kind=kind, period=period)


def _row(line: Line, made: type[Any], record: str, **fields: Any) -> Any:
    file, number = line.place
    return made(record=record, file=file, line=number, **fields)


def _refused(line: Line) -> Iterator[Fault]:
    """The faults of a row, so that nothing which it could stand for is taken for ended."""
    start, child = None, line.child
    if not {"", "DECOM"} & line.wrong.keys():
        start = line.values["DECOM"]
    record = f"{child}:{start}" if child and start else None
    for column, sentence in line.wrong.items():
        yield line.fault(column, sentence, "involvements", record)
    if not line.wrong:
        yield line.fault("", _WAITS, "involvements", record)
    if record and (urn := line.values.get("URN")):
        yield line.fault("", _WAITS, "involvements", f"{child}:{urn}:{start}")
    yield line.fault("", _WAITS, "pointers", record and f"{child}:PR2:{start}")
