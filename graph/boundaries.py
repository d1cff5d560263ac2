"""Which boundaries an involvement crosses, and where a handover left a gap. Pure functions.

Crossing means involvement from an authority other than the one where the child lived at the time, or
involvement from more than one authority or agency at once or in sequence (DESIGN, "The graph").
"""

from collections.abc import Sequence
from datetime import date

from graph.answers import BoundaryKind, Crossing, Handover, Home, Involvement
from graph.model import Agency, Authority, Period


def with_crossings(involvements: Sequence[Involvement], homes: Sequence[Home]) -> list[Involvement]:
    """The same involvements, each with the boundaries that it crosses and why."""
    return [
        involvement.model_copy(update={"crossings": _crossings(involvement, involvements, homes)})
        for involvement in involvements
    ]


def _crossings(
    one: Involvement, all_of_them: Sequence[Involvement], homes: Sequence[Home]
) -> tuple[Crossing, ...]:
    others = [other for other in all_of_them if other is not one]
    area = _lived_elsewhere(one, homes) or _other_area(one, others)
    agency = _other_agency(one, others)
    found = ((BoundaryKind.AREA, area), (BoundaryKind.AGENCY, agency))
    return tuple(Crossing(kind=kind, why=why) for kind, why in found if why)


def _lived_elsewhere(one: Involvement, homes: Sequence[Home]) -> str | None:
    for home in homes:
        elsewhere = home.authority.number != one.authority.number
        if elsewhere and home.period.overlaps(one.period):
            start = max(home.period.from_ or date.min, one.period.from_ or date.min)
            since = f" from {_words(start)}" if start != date.min else ""
            return f"{one.authority.name} while the child lived in {home.authority.name}{since}"
    return None


def _other_area(one: Involvement, others: Sequence[Involvement]) -> str | None:
    other = _nearest(one, [o for o in others if o.authority.number != one.authority.number])
    return f"{other.authority.name} {_when(one, other)}" if other else None


def _other_agency(one: Involvement, others: Sequence[Involvement]) -> str | None:
    if one.service is None:
        return None
    mine = one.service.agency
    other = _nearest(one, [o for o in others if o.service and o.service.agency != mine])
    if other is None or other.service is None:
        return None
    return f"{other.service.agency.value} ({other.service.name}) {_when(one, other)}"


def _nearest(one: Involvement, others: Sequence[Involvement]) -> Involvement | None:
    """Of the others, one at the same time, else the one that is nearest in time."""
    return min(others, key=lambda other: _distance(one.period, other.period), default=None)


def _distance(one: Period, other: Period) -> int:
    if one.overlaps(other):
        return -1
    gaps = (one.gap_days(other), other.gap_days(one))
    return max(gap for gap in gaps if gap is not None)


def _when(one: Involvement, other: Involvement) -> str:
    if one.period.overlaps(other.period):
        return "at the same time"
    before = (other.period.to or date.max) < (one.period.from_ or date.min)
    return "before" if before else "afterwards"


def handovers(
    involvements: Sequence[Involvement], homes: Sequence[Home], today: date
) -> list[Handover]:
    """What passed, or did not pass, from one authority to the next, latest first.

    For each agency: an authority's last involvement that ended, and the first one of another
    authority after it; or, where the child moved and nothing was opened there, the days since.
    """
    found = []
    agencies = {i.service.agency for i in involvements if i.service}
    for agency in sorted(agencies):
        own = [i for i in involvements if i.service and i.service.agency == agency]
        found += _passed_on(agency, own) + _dropped(agency, own, homes, today)
    return sorted(found, key=lambda h: h.closed, reverse=True)


def _passed_on(agency: Agency, own: Sequence[Involvement]) -> list[Handover]:
    dated = sorted((i for i in own if i.period.from_), key=lambda i: i.period.from_ or date.min)
    found = []
    for later in dated:
        before = [i for i in own if _ended_before(i, later)]
        last = max(before, key=lambda i: i.period.to or date.min, default=None)
        if last and last.authority.number != later.authority.number:
            found.append(_handover(agency, last, later.authority, later.period.from_, None))
    return found


def _ended_before(one: Involvement, later: Involvement) -> bool:
    start = later.period.from_
    return one is not later and bool(one.period.to and start and one.period.to <= start)


def _dropped(
    agency: Agency, own: Sequence[Involvement], homes: Sequence[Home], today: date
) -> list[Handover]:
    """The move after which an agency ended where the child left and opened nothing where it came."""
    now = [h for h in homes if h.period.holds(today)]
    if not now or any(i.authority.number == now[-1].authority.number for i in own):
        return []
    moved = now[-1].period.from_
    if moved is None or any(i.period.open for i in own):
        return []
    ended = [i for i in own if i.period.to and i.authority.number != now[-1].authority.number]
    last = max(ended, key=lambda i: i.period.to or date.min, default=None)
    if last is None or last.period.to is None or abs((last.period.to - moved).days) > 183:
        return []
    return [_handover(agency, last, now[-1].authority, None, max(today, last.period.to), moved)]


def _handover(
    agency: Agency,
    last: Involvement,
    to: Authority,
    opened: date | None,
    until: date | None,
    moved: date | None = None,
) -> Handover:
    closed = last.period.to or date.min
    start = max(closed, moved) if moved else closed
    end = opened or until or start
    days = (end - start).days
    return Handover(
        agency=agency,
        from_authority=last.authority,
        to_authority=to,
        closed=closed,
        opened=opened,
        gap_days=max(0, days - 1 if opened else days),
    )


def _words(day: date) -> str:
    return f"{day:%-d %B %Y}"
