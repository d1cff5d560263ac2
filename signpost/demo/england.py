"""Makes the demo's England in memory: areas, feeds, teams, workers and children."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from graph import BadInput
from signpost.demo.events import live, settle
from signpost.demo.lives import BIRTH_DATE, Child, Country, Home
from signpost.demo.names import Names
from signpost.demo.numbers import MOST, nhs_numbers, pupil_number
from signpost.demo.places import make_feeds, read_areas
from signpost.demo.stories import STORIES, Story, tell
from signpost.demo.workers import Staff

TWINS = 0.015
SHIELDED = 0.005
PUPILS = 0.75  # of children of five and more, the share that has a pupil number here
OLDEST = 6550  # days: not yet eighteen
FEWEST = 50
EARLIEST, LATEST = date(2025, 1, 1), date(2039, 1, 1)  # between these the stories hold

Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Made:
    """Everything that write.py writes.

    unused: an NHS number that nobody has.
    """

    country: Country
    children: list[Child]
    unused: str


class Maker:
    """Makes children one after the other from one source of chance."""

    def __init__(self, children: int, seed: int, today: date) -> None:
        if not FEWEST <= children <= MOST:
            raise BadInput(f"A demo has {FEWEST} to {MOST:,} children.")
        if not EARLIEST <= today < LATEST:
            raise BadInput(f"A demo plays from {EARLIEST} and before {LATEST}.")
        self.rng = Random(seed)
        self.wanted = children
        self.names = Names()
        self.numbers = nhs_numbers(self.rng)
        self.pupil_numbers: set[str] = set()
        areas = read_areas(children)
        feeds = make_feeds(self.rng, areas, today)
        Staff(self.rng, self.names).fill(feeds, children)
        self.country = Country(areas, feeds, today)
        self.children: list[Child] = []

    def make(self, progress: Progress | None) -> Made:
        """Make the written children, then the drawn, until there are enough."""
        for story in STORIES:
            self._tell(story)
        while len(self.children) < self.wanted:
            self._draw()
            if progress and len(self.children) % 500 == 0:
                progress("children", len(self.children), self.wanted)
        del self.children[self.wanted :]
        return Made(self.country, self.children, next(self.numbers)[0])

    def _tell(self, story: Story) -> None:
        born = self.country.today - timedelta(days=story.age)
        if story.odd and BIRTH_DATE in story.odd[1]:
            born = born.replace(month=9, day=4)
        homes: list[Home] = []
        for child in self._born(born, story.twins):
            tell(self.rng, self.country, child, story)
            homes = child.homes = homes or child.homes
            self._enrol(child)

    def _draw(self) -> None:
        rng = self.rng
        born = self.country.today - timedelta(days=rng.randrange(30, OLDEST))
        homes = settle(rng, self.country, born)
        for child in self._born(born, rng.random() < TWINS):
            child.homes = homes
            child.shielded = rng.random() < SHIELDED
            while not child.stays:
                live(rng, self.country, child)
            self._enrol(child)

    def _born(self, born: date, twins: bool) -> Iterator[Child]:
        """Make one child, or two of one name, one day and numbers next to each other."""
        rng, sex, numbers = self.rng, self.rng.choice("MF"), next(self.numbers)
        origin = self.names.origin(rng)
        given, family = self.names.full(rng, origin, sex)
        for number in numbers[: 2 if twins else 1]:
            person = f"K{len(self.children) + 1:06}"
            child = Child(person, number, sex, given, family, born, origin)
            self.children.append(child)
            yield child
            while given.text == child.given.text:
                given = self.names.given(rng, origin, sex)

    def _enrol(self, child: Child) -> None:
        """Give a child that has been at school, mostly, the number that its first school gave it."""
        started = child.born + timedelta(days=int(4.7 * 365.25))
        if started > self.country.today or self.rng.random() >= PUPILS:
            return
        area = child.home_on(started).area
        while not child.upn or child.upn in self.pupil_numbers:
            child.upn = pupil_number(self.rng, area.number_on(started), started.year)
        self.pupil_numbers.add(child.upn)
