"""What is hidden from a viewer without a ground, and each way to it, beside what is not there at all."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from random import Random
from typing import NamedTuple

from graph import Emergency, FindChild, Role, Viewer
from signpost.bench.figures import Scratch
from signpost.bench.hidden_people import (
    EACH,
    EMPTY,
    OTHER_VIEWER,
    WITHHELD,
    Thing,
    handle,
    load_things,
    no_id,
)

SEED = 9
REFERENCE = {"reference": "BENCH-1"}
STATED = {"purpose": "strategy discussion", **REFERENCE}
EXPLAINED = {"explained": "handed over to the service on duty", **REFERENCE}
OTHER = Viewer(id=OTHER_VIEWER, role=Role.LEAD, authority=EMPTY)
_USES = "MATCH (a:Access {user: $user, ground: 'break-glass'}) RETURN a.id AS id ORDER BY a.id"


class Sent(NamedTuple):
    """A request, to a page or to the API: nothing more than its address, or a body too."""

    address: str
    body: Mapping[str, str] | None = None


class Case(NamedTuple):
    """One kind of hidden thing and one way to it, and what is sent for each of both sorts."""

    name: str
    hidden: Sequence[Sent]
    absent: Sequence[Sent]


FINDS: Mapping[str, Callable[[Thing], Sent]] = {
    "find by number": lambda one: Sent("/api/find", {"nhs_number": one.number}),
    "find by details": lambda one: Sent("/api/find", one.details),
    "page, find by number": lambda one: Sent("/find", {"nhs_number": one.number}),
}
MAPS = {"map": "/api/children/{}/service-map", "page, map": "/children/{}"}


def made_cases(place: Scratch, quick: bool) -> list[Case]:
    """Load what is hidden, and say how to ask for it, and for what is not there."""
    rng = Random(SEED)  # noqa: S311
    absent, shielded, known = load_things(place, rng, quick)
    nobodys = [handle(place, one.id) for one in absent]
    cases: list[Case] = []
    for kind, hidden in (("shielded", shielded), ("no ground", known)):
        cases += _finds(kind, hidden, absent)
        cases += _maps(kind, [handle(place, one.id) for one in hidden], nobodys)
    theirs = [handle(place, one.id, OTHER.id) for one in known]
    return [
        *cases,
        _too_little(shielded, absent),
        *_maps("another's handle", theirs, nobodys),
        _break_glass(place, rng, known),
        *_services(),
    ]


def _finds(kind: str, hidden: list[Thing], absent: list[Thing]) -> Iterator[Case]:
    for way, sent in FINDS.items():
        yield Case(f"{kind}, {way}", list(map(sent, hidden)), list(map(sent, absent)))


def _maps(kind: str, hidden: list[str], absent: list[str]) -> Iterator[Case]:
    for way, address in MAPS.items():
        yield Case(f"{kind}, {way}", _to(address, hidden), _to(address, absent))


def _to(address: str, names: Iterable[str], body: Mapping[str, str] | None = None) -> list[Sent]:
    return [Sent(address.format(name), body) for name in names]


def _too_little(shielded: list[Thing], absent: list[Thing]) -> Case:
    """Who states a purpose opens any other child, and a shielded one not by so few details."""
    hidden, nobody = (
        [Sent("/api/find", {**one.too_little, **STATED}) for one in sort]
        for sort in (shielded, absent)
    )
    return Case("shielded, find by too little", hidden, nobody)


def _break_glass(place: Scratch, rng: Random, known: list[Thing]) -> Case:
    """Another viewer breaks the glass for each of these; explaining that, or a use of nobody's."""
    viewer = OTHER.stating(emergency=Emergency.LIFE, reference=REFERENCE["reference"])
    for one in known:
        place.graph.ask(viewer, FindChild(nhs_number=one.number))
    theirs = [row["id"] for row in place.store.bare(_USES, user=OTHER.id)]
    nobodys = [f"{no_id(rng)[:16]}-{n:010}" for n in range(EACH)]
    hidden, absent = (
        _to("/api/break-glass/{}", [handle(place, use) for use in uses], EXPLAINED)
        for uses in (theirs, nobodys)
    )
    return Case("another's break-glass, explain", hidden, absent)


def _services() -> Iterator[Case]:
    """The directory of an authority whose only service is sensitive, beside one that has none."""
    for way, address in (("services", "/api/services"), ("page, services", "/services")):
        hidden, absent = (_to(f"{address}?authority={{}}", [one]) for one in (WITHHELD, EMPTY))
        yield Case(f"sensitive service, {way}", hidden, absent)
