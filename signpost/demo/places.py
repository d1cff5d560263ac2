"""Where the demo plays: areas, the feeds that they send, and the teams that work there."""

import csv
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

from graph import authorities
from signpost.demo.numbers import telephone

HERE = Path(__file__).parent
FULL = 6000  # children at which every area of areas.csv takes part
FEWEST = 8
SILENT = {"bradford-youth-justice": 200, "leeds-voluntary": None}  # days since the last extract
EVERY = {"health": 1, "social care": 7, "police": 7, "early help": 14}


@dataclass(frozen=True, slots=True)
class Area:
    """An authority of today, and the number that its part of the country had before.

    depth: how many of services.csv it has; also: the authority that its hospital serves too.
    """

    number: str
    slug: str
    name: str
    cluster: str
    depth: int
    share: int
    postcodes: tuple[str, ...]
    telephone: str
    force: str
    also: str
    before: str

    @property
    def changed(self) -> date:
        """The day from which it has today's number."""
        return (self.before and authorities()[self.number].period.from_) or date.min

    def number_on(self, day: date) -> str:
        """Return the number of the authority that stood here on a day."""
        return self.number if day >= self.changed else self.before


@dataclass(frozen=True, slots=True)
class Work:
    """A line of services.csv: what a kind of team does, with whom, how often and for how long.

    days: how long an involvement lasts on average; named: the share that has a named worker.
    """

    id: str
    title: str
    kind: str
    agency: str
    depth: int
    profession: str
    hours: str
    sensitive: bool
    from_age: float
    to_age: float
    share: int
    days: int
    named: float


@dataclass(slots=True, eq=False)
class Team:
    """A service of one feed; posts is filled by workers.py."""

    work: Work
    feed: "Feed"
    duty_line: str
    out_of_hours_line: str
    confirmed_on: date | None
    posts: list = field(default_factory=list)

    @property
    def name(self) -> str:
        """As people say it on the telephone."""
        if self.work.agency == "police":
            return f"{self.feed.area.name} {self.work.title} ({self.feed.area.force})"
        return f"{self.feed.area.name} {self.work.title}"


@dataclass(slots=True, eq=False)
class Feed:
    """What one agency of one area sends; extracted is None where it never has."""

    area: Area
    agency: str
    every_days: int
    extracted: date | None
    teams: list[Team] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The source's id, as leeds-social-care."""
        return f"{self.area.slug}-{self.agency.replace(' ', '-')}"

    @property
    def name(self) -> str:
        """The source's name, as Leeds social care."""
        return f"{self.area.name} {self.agency}"


def read_areas(children: int) -> list[Area]:
    """Read as many areas as this many children fill; the first in the file come first."""
    rows = [_area(row) for row in _rows("areas.csv")]
    return rows[: max(FEWEST, min(len(rows), round(len(rows) * (children / FULL) ** 0.5)))]


def make_feeds(rng: Random, areas: list[Area], today: date) -> list[Feed]:
    """Make every feed of these areas, with its teams."""
    works = [_work(row) for row in _rows("services.csv")]
    feeds = []
    for area in areas:
        here = [work for work in works if work.depth <= area.depth]
        night = telephone(rng, area.telephone)
        for agency in dict.fromkeys(work.agency for work in here):
            feed = _feed(rng, area, agency, today)
            if feed.extracted:
                feed.teams = [_team(rng, w, feed, night) for w in here if w.agency == agency]
            feeds.append(feed)
    return feeds


def _feed(rng: Random, area: Area, agency: str, today: date) -> Feed:
    every = EVERY.get(agency, 30)
    feed = Feed(area, agency, every, today - timedelta(days=rng.randrange(min(every, 6) + 1)))
    if feed.id in SILENT:
        days = SILENT[feed.id]
        feed.extracted = today - timedelta(days=days) if days else None
    return feed


def _team(rng: Random, work: Work, feed: Feed, night: str) -> Team:
    lines = telephone(rng, feed.area.telephone), night
    if work.hours == "24/7" or work.agency in ("education", "voluntary"):
        lines = lines[0], ""
    if rng.random() < 0.04:
        return Team(work, feed, "", "", None)
    days = rng.randrange(91, 400) if rng.random() < 0.12 else rng.randrange(1, 90)
    return Team(work, feed, *lines, feed.extracted and feed.extracted - timedelta(days=days))


def _rows(file: str) -> list[dict[str, str]]:
    with (HERE / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _area(row: dict[str, str]) -> Area:
    fixed = {"depth": int(row["depth"]), "share": int(row["share"])}
    return Area(**{**row, **fixed, "postcodes": tuple(row["postcodes"].split(";"))})


def _work(row: dict[str, str]) -> Work:
    whole = {column: int(row[column]) for column in ("depth", "share", "days")}
    parts = {column: float(row[column]) for column in ("from_age", "to_age", "named")}
    return Work(**{**row, **whole, **parts, "sensitive": row["sensitive"] == "yes"})
