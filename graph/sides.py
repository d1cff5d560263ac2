"""Both sides of each boundary that a child's services cross, and whom to ring on each. Pure functions."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from graph.answers import BoundaryKind, Contact, Handover, Home, Involvement, ServiceMap
from graph.boundaries import Crossed, crossed_by
from graph.model import Agency, Authority, Model

MOST = 2  # contacts on one side: the best, and the next if nobody answers
WITHHELD = "A sensitive service"
Key = tuple[BoundaryKind, str]
Ring = Callable[[Sequence[Involvement]], Sequence[Contact]]


class Side(Model):
    """An authority or an agency on one side of a boundary: its services, and whom to ring there.

    lives: the child lives there now; services: none where the child lives or lived and nobody is
    involved; open: something of it goes on.
    """

    name: str
    lives: bool = False
    open: bool = False
    services: Sequence[str] = ()
    contacts: Sequence[Contact] = ()


class Boundary(Model):
    """A boundary between two authorities or two agencies, and why we say that it is crossed.

    handovers: what passed, or did not pass, from one of two authorities to the other.
    """

    kind: BoundaryKind
    why: str
    one: Side
    other: Side
    handovers: Sequence[Handover] = ()


class Boundaries(Model):
    """A child's service map, and both sides of each boundary that is crossed on it."""

    map: ServiceMap
    boundaries: Sequence[Boundary] = ()

    @property
    def shown(self) -> int:
        """How many involvements are shown; for the access record."""
        return self.map.shown


def boundaries_of(shown: ServiceMap, ring: Ring) -> list[Boundary]:
    """Each boundary once, those between authorities first, then those with both sides open.

    ring: gives whom to ring of some involvements, the best first.
    """
    day = shown.on or shown.today
    groups = _groups(shown.involvements)
    pairs = _pairs(shown.involvements, shown.homes)
    names = {key: name for pair in pairs.values() for key, name in pair[0]}
    sides = {
        key: _side(key, name, groups.get(key, ()), shown.homes, day, ring)
        for key, name in names.items()
    }
    passed = _passed(shown.handovers)
    found = [
        Boundary(
            kind=one[0],
            why=why,
            one=sides[one],
            other=sides[other],
            handovers=passed.get(frozenset((one, other)), ()),
        )
        for ((one, _), (other, _)), why in pairs.values()
    ]
    return sorted(found, key=lambda b: (b.kind is BoundaryKind.AGENCY, -b.one.open - b.other.open))


def _groups(involvements: Sequence[Involvement]) -> Mapping[Key, list[Involvement]]:
    """The involvements of each authority and of each agency that is told."""
    found: dict[Key, list[Involvement]] = {}
    for one in involvements:
        found.setdefault(_key(one.authority)[0], []).append(one)
        if one.service:
            found.setdefault(_key(one.service.agency)[0], []).append(one)
    return found


def _pairs(
    involvements: Sequence[Involvement], homes: Sequence[Home]
) -> Mapping[frozenset[Key], tuple[tuple[tuple[Key, str], tuple[Key, str]], str]]:
    """The two sides of each boundary with their names, and why: of services that are told, where one is."""
    found = {}
    told = sorted(crossed_by(involvements, homes), key=lambda pair: pair[0].service is None)
    for involvement, crossed in told:
        for one in crossed:
            mine, beyond = _key(_near(involvement, one)), _key(one.beyond)
            name = involvement.service.name if involvement.service else WITHHELD
            why = f"{name}: {one.why}"
            found.setdefault(frozenset((mine[0], beyond[0])), ((mine, beyond), why))
    return found


def _passed(handovers: Sequence[Handover]) -> Mapping[frozenset[Key], list[Handover]]:
    """The handovers between the same two authorities."""
    found: dict[frozenset[Key], list[Handover]] = {}
    for one in handovers:
        pair = frozenset((_key(one.from_authority)[0], _key(one.to_authority)[0]))
        found.setdefault(pair, []).append(one)
    return found


def _near(involvement: Involvement, crossed: Crossed) -> Authority | Agency:
    """The side of a boundary on which an involvement is."""
    if involvement.service and crossed.kind is BoundaryKind.AGENCY:
        return involvement.service.agency
    return involvement.authority


def _key(side: Authority | Agency) -> tuple[Key, str]:
    """A side as it is told from others, and its name."""
    if isinstance(side, Agency):
        return (BoundaryKind.AGENCY, side.value), side.value[:1].upper() + side.value[1:]
    return (BoundaryKind.AREA, side.number), side.name


def _side(
    key: Key,
    name: str,
    group: Sequence[Involvement],
    homes: Sequence[Home],
    day: date,
    ring: Ring,
) -> Side:
    kind, number = key
    there = [h for h in homes if kind is BoundaryKind.AREA and h.authority.number == number]
    return Side(
        name=name,
        lives=any(home.period.holds(day) for home in there),
        open=any(one.period.holds(day) for one in group),
        services=list(dict.fromkeys(o.service.name if o.service else WITHHELD for o in group)),
        contacts=ring(group)[:MOST],
    )
