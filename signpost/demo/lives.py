"""What happens to a child in the demo: homes, moves, involvements and the workers named for them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from signpost.demo.names import Name
from signpost.demo.places import Area, Feed, Team
from signpost.demo.workers import Worker

NUMBER, NAME, BIRTH_DATE = "number", "name", "birth date"  # what a feed may have otherwise
SINCE = date(2019, 1, 1)
MOVES = ((0, 1, 2), (74, 22, 4))
STAYS = (
    (1, 2, 3, 4, 5, 6, 8, 11, 15, 20),
    (32, 27, 17, 10, 5, 3, 2.5, 1.5, 0.8, 0.4),
)
NEAR = 0.35  # of moves, those to a neighbour
FOLLOWED = 0.75  # of moves, those after which the new area opened something
KEPT = 0.35  # of moves, those after which the old area stays involved
ACROSS = 0.03  # of involvements, those of a neighbour's hospital or police
RECENT = 1.7  # 1 spreads involvements evenly over the years; more draws them towards today
HAND_OVER_TEAMS = ("social care", "early help", "health")


@dataclass(slots=True, eq=False)
class Home:
    """An area in which a child lives or lived."""

    area: Area
    from_: date
    to: date | None
    postcode: str


@dataclass(slots=True, eq=False)
class Named:
    """A worker named for a child."""

    worker: Worker
    part: str
    from_: date
    to: date | None


@dataclass(slots=True, eq=False)
class Stay:
    """A team's involvement with a child."""

    team: Team
    from_: date
    to: date | None
    consent: str = ""
    named: list[Named] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Child:
    """A child who never was.

    odd: what a feed has otherwise, by its id (see cells.py); None where it is drawn by lot.
    origin: whence its name is, a key of SHARES in names.py.
    """

    person: str
    nhs_number: str
    sex: str
    given: Name
    family: Name
    born: date
    origin: str = ""
    upn: str = ""
    shielded: bool = False
    homes: list[Home] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    odd: dict[str, frozenset[str]] | None = None

    def home_on(self, day: date) -> Home:
        """Return where the child lives on a day; before birth, the first home."""
        return next((h for h in reversed(self.homes) if h.from_ <= day), self.homes[0])


class Country:
    """The areas of the demo with their teams, and the choices among them."""

    def __init__(self, areas: Sequence[Area], feeds: Sequence[Feed], today: date) -> None:
        self.areas = list(areas)
        self.feeds = {feed.id: feed for feed in feeds}
        self.today = today
        self.teams = {a.slug: [t for f in feeds if f.area is a for t in f.teams] for a in areas}
        self.near = {
            a.slug: [b for b in areas if b.cluster == a.cluster and b is not a] for a in areas
        }

    def any_area(self, rng: Random) -> Area:
        """Choose an area by its share of the children."""
        return rng.choices(self.areas, [area.share for area in self.areas])[0]

    def next_area(self, rng: Random, area: Area) -> Area:
        """Choose where a family moves to."""
        if self.near[area.slug] and rng.random() < NEAR:
            return rng.choice(self.near[area.slug])
        return self.any_area(rng)

    def team(
        self, rng: Random, area: Area, age: float, day: date, agencies: Sequence[str] = ()
    ) -> Team | None:
        """Choose a team of an area that works with children of this age and still sends on this day."""
        fits = [
            team
            for team in self.teams[area.slug]
            if team.work.from_age <= age < team.work.to_age
            and team.feed.extracted
            and day <= team.feed.extracted
            and (not agencies or team.work.agency in agencies)
        ]
        return rng.choices(fits, [team.work.share for team in fits])[0] if fits else None
