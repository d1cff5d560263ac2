"""Which boundaries an involvement crosses, and where a handover left a gap. Pure functions.

Crossing means involvement from an authority other than the one where the child lived at the time, or
involvement from more than one authority or agency at once or in sequence (DESIGN, "The graph").
"""

from collections.abc import Iterable, Sequence
from datetime import date

from graph.answers import BoundaryKind, Crossing, Handover, Home, Involvement
from graph.authorities import same_place
from graph.model import Agency, Authority, Period
from graph.rows import UNNAMED

AFTER = 183


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
    return tuple(found for found in (area, _other_agency(one, others)) if found)


def _apart(one: Authority, other: Authority) -> bool:
    """True where a boundary lies between two; none does where one came after the other, or is not known."""
    numbers = one.number, other.number
    return UNNAMED not in numbers and not same_place(*numbers)


def _lived_elsewhere(one: Involvement, homes: Sequence[Home]) -> Crossing | None:
    for home in homes:
        if _apart(one.authority, home.authority) and home.period.overlaps(one.period):
            start = max(home.period.from_ or date.min, one.period.from_ or date.min)
            since = f" from {_words(start)}" if start != date.min else ""
            why = f"{one.authority.name} while the child lived in {home.authority.name}{since}"
            return Crossing(kind=BoundaryKind.AREA, beyond=home.authority, why=why)
    return None


def _other_area(one: Involvement, others: Sequence[Involvement]) -> Crossing | None:
    other = _nearest(one, (o for o in others if _apart(one.authority, o.authority)))
    if other is None:
        return None
    why = f"{other.authority.name} {_when(one, other)}"
    return Crossing(kind=BoundaryKind.AREA, beyond=other.authority, why=why)


def _other_agency(one: Involvement, others: Sequence[Involvement]) -> Crossing | None:
    if one.service is None:
        return None
    mine = one.service.agency
    other = _nearest(one, (o for o in others if o.service and o.service.agency != mine))
    if other is None or other.service is None:
        return None
    agency = other.service.agency
    why = f"{agency.value} ({other.service.name}) {_when(one, other)}"
    return Crossing(kind=BoundaryKind.AGENCY, beyond=agency, why=why)


def _nearest(one: Involvement, others: Iterable[Involvement]) -> Involvement | None:
    """Of the others, the first at the same time, and no more are looked at; else the nearest in time."""
    nearest, least = None, 0
    for other in others:
        if one.period.overlaps(other.period):
            return other
        days = _between(one.period, other.period)
        if nearest is None or days < least:
            nearest, least = other, days
    return nearest


def _between(one: Period, other: Period) -> int:
    """Days between two that do not overlap."""
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

    For each agency: an authority's last involvement that ended and the first one of another
    authority after it; or, where the child moved and nothing was opened there, the days since.
    Days are those on which this agency was not involved, from the closing on. A closing more than
    AFTER days before the move is no handover: the child was not being handed over then.
    """
    found: list[Handover] = []
    involvements = [one for one in involvements if one.authority.number != UNNAMED]
    agencies = {i.service.agency for i in involvements if i.service}
    for agency in sorted(agencies):
        own = [i for i in involvements if i.service and i.service.agency == agency]
        found += _passed_on(agency, own, homes) + _dropped(agency, own, homes, today)
    once = {handover.model_dump_json(): handover for handover in found}
    return sorted(once.values(), key=lambda h: h.closed, reverse=True)


def _passed_on(agency: Agency, own: Sequence[Involvement], homes: Sequence[Home]) -> list[Handover]:
    found = []
    for later in own:
        opened = later.period.from_
        before = [i for i in own if opened and _ended_by(i, later, opened)]
        last = max(before, key=_end, default=None)
        if opened and last and _apart(last.authority, later.authority):
            made = _handover(agency, last, later.authority, _moved(later, homes), opened, opened)
            found += [made] if made else []
    return found


def _ended_by(one: Involvement, later: Involvement, opened: date) -> bool:
    return one is not later and one.period.to is not None and one.period.to <= opened


def _end(involvement: Involvement) -> date:
    return involvement.period.to or date.max


def _moved(later: Involvement, homes: Sequence[Home]) -> date | None:
    """When the child came to live where the later involvement was opened."""
    there = [h for h in homes if not _apart(h.authority, later.authority)]
    came = [h.period.from_ for h in there if h.period.from_ and h.period.overlaps(later.period)]
    return min(came, default=None)


def _dropped(
    agency: Agency, own: Sequence[Involvement], homes: Sequence[Home], today: date
) -> list[Handover]:
    """The move after which an agency ended where the child left and opened nothing where it came."""
    here = next((h for h in reversed(homes) if h.period.holds(today)), None)
    if here is None or here.period.from_ is None or any(i.period.open for i in own):
        return []
    last = max(own, key=_end)
    # What came before a split was neither the one nor the other of what came after it.
    there = [i for i in own if i is last or _apart(i.authority, last.authority)]
    if any(not _apart(i.authority, here.authority) for i in there):
        return []
    made = _handover(agency, last, here.authority, here.period.from_, None, max(today, _end(last)))
    return [made] if made else []


def _handover(
    agency: Agency,
    last: Involvement,
    to: Authority,
    moved: date | None,
    opened: date | None,
    until: date,
) -> Handover | None:
    closed = _end(last)
    if moved and (moved - closed).days > AFTER:
        return None
    days = (until - closed).days
    return Handover(
        agency=agency,
        from_authority=last.authority,
        to_authority=to,
        closed=closed,
        opened=opened,
        gap_days=max(0, days - 1) if opened else days,
    )


def _words(day: date) -> str:
    return f"{day:%-d %B %Y}"
