"""Made-up children of whom some are shielded, some are known and some are not there at all.

All are drawn alike, so that nothing but the loading tells one sort from another.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from random import Random
from typing import Any, NamedTuple

from graph import (
    Agency,
    Batch,
    ChildRow,
    HomeRow,
    Identity,
    InvolvementRow,
    LawfulBasis,
    Period,
    Service,
    ServiceRow,
    Source,
)
from graph.hours import LONDON
from signpost.bench.figures import Scratch
from signpost.bench.finds import Drawn, draw
from signpost.bench.made import STEWARD
from signpost.demo.numbers import nhs_numbers

EACH = 60  # of each sort
QUICK, WHOLE = 300, 5_000  # children who are loaded besides
HOME, FAR, WITHHELD, EMPTY = "383", "201", "330", "340"  # authorities
FAR_VIEWER, OTHER_VIEWER = "bench.far", "bench.near"
SOURCE = Source(
    id="bench-hidden",
    name="Bench hidden",
    authority=HOME,
    agency=Agency.SOCIAL_CARE,
    basis=LawfulBasis.PUBLIC_TASK,
)
_SAID = (
    "MATCH (:Source)-[said:KNOWN_AS]->(child:Child) RETURN child.id AS id, said.sealed AS sealed"
)


class Thing(NamedTuple):
    """A child, or nobody: an id, and what can be typed."""

    id: str
    number: str
    drawn: Drawn

    @property
    def details(self) -> Mapping[str, str]:
        """Names and birth date."""
        return {"given_name": self.drawn.given.text, **self.too_little}

    @property
    def too_little(self) -> Mapping[str, str]:
        """Details by which nobody finds a shielded child."""
        return {"family_name": self.drawn.family.text, "birth_date": self.drawn.born.isoformat()}


class Things(NamedTuple):
    """The three sorts, EACH of every one."""

    absent: list[Thing]
    shielded: list[Thing]
    known: list[Thing]


def load_things(place: Scratch, rng: Random, quick: bool) -> Things:
    """Load all but those who are not there, and many besides."""
    drawn = _drawn(rng, QUICK if quick else WHOLE)
    pairs = nhs_numbers(rng)
    people = [Thing(no_id(rng), next(pairs)[0], one) for one in drawn]
    place.graph.load(STEWARD, SOURCE)
    today = place.graph.now().date()
    place.graph.load(STEWARD, _batch(today, people[EACH : 2 * EACH], people[2 * EACH :]))
    ids = {
        place.keyring.open(row["sealed"], row["id"]).nhs_number: row["id"]
        for row in place.store.bare(_SAID)
    }
    there = [one._replace(id=ids[one.number]) for one in people[EACH : 3 * EACH]]
    return Things(people[:EACH], there[:EACH], there[EACH:])


def _drawn(rng: Random, others: int) -> list[Drawn]:
    """First the three sorts, whose birthdays are theirs alone: else another is found in their place."""
    every = list(draw(rng, others + 3 * EACH))
    days = Counter(one.born for one in every)
    alone = [one for one in every if days[one.born] == 1][: 3 * EACH]
    return [*alone, *(one for one in every if one not in alone)]


def no_id(rng: Random) -> str:
    """An id as children have them, of nobody."""
    return f"{rng.getrandbits(128):032x}"


def handle(place: Scratch, thing: str, viewer: str = FAR_VIEWER) -> str:
    """A handle, sealed rightly for a viewer and today."""
    now = place.graph.now()
    day = now.astimezone(LONDON).date()
    return place.keyring.handle(thing, viewer, day, "", "", "", now.isoformat())


def _batch(today: date, shielded: list[Thing], known: list[Thing]) -> Batch:
    """These children at one team; and a sensitive service in an authority that has no other."""
    children = [*shielded, *known]
    return Batch(
        source=SOURCE.id,
        feed="csv",
        extracted=today,
        services=[_service("T1", HOME, sensitive=False), _service("T2", WITHHELD, sensitive=True)],
        children=[
            ChildRow(identity=_identity(one), shielded=n < len(shielded), **_at(n))
            for n, one in enumerate(children)
        ],
        homes=[
            HomeRow(child=f"C{n}", authority=HOME, period=_since(one), **_at(n))
            for n, one in enumerate(children)
        ],
        involvements=[
            InvolvementRow(child=f"C{n}", service="T1", period=_since(one), **_at(n))
            for n, one in enumerate(children)
        ],
    )


def _at(n: int) -> dict[str, Any]:
    return {"file": "bench.csv", "line": n + 2, "record": f"C{n}"}


def _identity(one: Thing) -> Identity:
    said = {"nhs_number": one.number, "sex": one.drawn.sex, **one.details}
    return Identity.model_validate(said)


def _since(one: Thing) -> Period:
    return Period.model_validate({"from": one.drawn.born})


def _service(local: str, authority: str, sensitive: bool) -> ServiceRow:
    said = {"id": local, "name": f"Team {local}", "agency": Agency.SOCIAL_CARE}
    made = Service.model_validate({**said, "sensitive": sensitive})
    record = f"{local}/{authority}"
    return ServiceRow(record=record, service=made, authority=authority, file="bench.csv", line=2)
