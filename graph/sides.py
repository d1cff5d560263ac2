"""Both sides of each boundary that a child's services cross, and whom to ring on each. Pure functions."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from graph.answers import BoundaryKind, Contact, Handover, Involvement, ServiceMap
from graph.model import Agency, Authority, Model

MOST = 2  # contacts on one side: the best, and the next if nobody answers
WITHHELD = "A sensitive service"
Ring = Callable[[Sequence[Involvement]], Sequence[Contact]]


class Place(NamedTuple):
    """An authority by its number, or an agency, and its name."""

    kind: BoundaryKind
    code: str
    name: str


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
    groups, passed = _groups(shown.involvements), _passed(shown.handovers)
    pairs = _pairs(shown.involvements)
    sides = {
        place: _side(shown, place, groups.get(place, ()), ring) for pair in pairs for place in pair
    }
    found = [
        Boundary(
            kind=one.kind,
            why=why,
            one=sides[one],
            other=sides[other],
            handovers=passed.get(frozenset((one, other)), ()),
        )
        for (one, other), why in pairs.items()
    ]
    return sorted(found, key=lambda b: (b.kind is BoundaryKind.AGENCY, -b.one.open - b.other.open))


def _groups(involvements: Sequence[Involvement]) -> Mapping[Place, list[Involvement]]:
    """The involvements of each authority and of each agency that is told."""
    found: dict[Place, list[Involvement]] = {}
    for one in involvements:
        found.setdefault(_place(one.authority), []).append(one)
        if one.service:
            found.setdefault(_place(one.service.agency), []).append(one)
    return found


def _pairs(involvements: Iterable[Involvement]) -> Mapping[tuple[Place, Place], str]:
    """The two sides of each boundary, and why: of a service that is told, where one is."""
    found: dict[frozenset[Place], tuple[tuple[Place, Place], str]] = {}
    for one in sorted(involvements, key=lambda one: one.service is None):
        for crossing in one.crossings:
            agency = one.service and crossing.kind is BoundaryKind.AGENCY and one.service.agency
            pair = _place(agency or one.authority), _place(crossing.beyond)
            found.setdefault(frozenset(pair), (pair, f"{_name(one)}: {crossing.why}"))
    return dict(found.values())


def _passed(handovers: Sequence[Handover]) -> Mapping[frozenset[Place], list[Handover]]:
    """The handovers between the same two authorities."""
    found: dict[frozenset[Place], list[Handover]] = {}
    for one in handovers:
        pair = frozenset((_place(one.from_authority), _place(one.to_authority)))
        found.setdefault(pair, []).append(one)
    return found


def _place(side: Authority | Agency) -> Place:
    if isinstance(side, Agency):
        return Place(BoundaryKind.AGENCY, side.value, side.value.capitalize())
    return Place(BoundaryKind.AREA, side.number, side.name)


def _name(one: Involvement) -> str:
    return one.service.name if one.service else WITHHELD


def _side(shown: ServiceMap, place: Place, group: Sequence[Involvement], ring: Ring) -> Side:
    day = shown.on or shown.today
    homes = [home for home in shown.homes if _place(home.authority) == place]
    return Side(
        name=place.name,
        lives=any(home.period.holds(day) for home in homes),
        open=any(one.period.holds(day) for one in group),
        services=list(dict.fromkeys(map(_name, group))),
        contacts=ring(group)[:MOST],
    )
