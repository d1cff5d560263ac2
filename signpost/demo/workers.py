"""Who works in the teams: posts with a beginning and, for some, an end."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from signpost.demo.names import Names, plain
from signpost.demo.numbers import MOBILE, registration, telephone
from signpost.demo.places import Feed, Team

CHILDREN_EACH = 4
LEFT = 0.12  # the share of workers who have left
TWO_POSTS = 0.04
FIRST_DAY = date(2016, 4, 1)
# Those who sign in at the demo and are named for children; each has been first in the team.
KNOWN = {
    ("leeds-social-care", "T1"): "Amina Yusuf",
    ("bradford-health", "H1"): "Marek Kowalczyk",
    ("manchester-police", "L1"): "Joanne Whitaker",
}


@dataclass(slots=True, eq=False)
class Worker:
    """A practitioner of one feed; nothing of their private life."""

    id: str
    name: str
    profession: str
    registration: str
    phone: str
    email: str
    confirmed_on: date | None


@dataclass(slots=True, eq=False)
class Post:
    """A worker's time in a team."""

    worker: Worker
    from_: date
    to: date | None = None

    def holds(self, day: date) -> bool:
        """True where the worker is in the post on this day."""
        return self.from_ <= day and (self.to is None or day <= self.to)


@dataclass(slots=True)
class Staff:
    """Fills teams with workers.

    used: how often each e-mail address has been wanted, so that no two workers share one.
    """

    rng: Random
    names: Names
    used: dict[str, int] = field(default_factory=dict)
    hired: int = 0

    def fill(self, feeds: list[Feed], children: int) -> None:
        """Give every team its workers, in proportion to its share of the work."""
        teams = [team for feed in feeds for team in feed.teams]
        whole = sum(team.work.share * team.feed.area.share for team in teams)
        for team in teams:
            share = team.work.share * team.feed.area.share / whole
            self._fill_team(team, max(2, round(share * children / CHILDREN_EACH)))
        for feed in feeds:
            self._second_posts(feed)

    def _fill_team(self, team: Team, workers: int) -> None:
        extracted = team.feed.extracted
        assert extracted, "a feed that never came has no teams"
        known = KNOWN.get((team.feed.id, team.work.id))
        team.posts = [Post(self._worker(team, known), FIRST_DAY)]
        for _ in range(workers - 1):
            team.posts.append(self._post(team, extracted, self.rng.random() < LEFT))
        if team.work.id == "T2":
            team.posts.append(self._post(team, extracted, True))

    def _post(self, team: Team, extracted: date, left: bool) -> Post:
        days = (extracted - FIRST_DAY).days
        from_ = FIRST_DAY + timedelta(days=self.rng.randrange(days - 200))
        to = extracted - timedelta(days=self.rng.randrange(20, 150)) if left else None
        return Post(self._worker(team), from_, to)

    def _worker(self, team: Team, name: str | None = None) -> Worker:
        rng, prefix = self.rng, team.feed.area.telephone
        given, family = self.names.full(rng, self.names.origin(rng), rng.choice("FFFM"))
        name = name or f"{given.text} {family.text}"
        self.hired += 1
        seen = team.feed.extracted and team.feed.extracted - timedelta(days=rng.randrange(120))
        return Worker(
            id=f"P{self.hired}",
            name=name,
            profession=team.work.profession,
            registration=registration(team.work.profession, self.hired),
            phone=telephone(rng, MOBILE if rng.random() < 0.6 else prefix),
            email=self._email(name),
            confirmed_on=seen if rng.random() < 0.95 else None,
        )

    def _email(self, name: str) -> str:
        local = ".".join(plain(name).lower().split())
        times = self.used[local] = self.used.get(local, 0) + 1
        return f"{local}{times if times > 1 else ''}@example.org"

    def _second_posts(self, feed: Feed) -> None:
        for other, team in reversed(list(pairwise(feed.teams))):
            if team.work.profession == other.work.profession:
                both = [post for post in other.posts[1:] if self.rng.random() < TWO_POSTS]
                team.posts += [Post(p.worker, p.from_ + timedelta(days=30), p.to) for p in both]
