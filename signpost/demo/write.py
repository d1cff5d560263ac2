"""Writes the demo's England as folders of CSV, in the form of docs/csv.md."""

import csv
import json
import shutil
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from graph import BadInput
from signpost.demo.cells import child_row, homes_known
from signpost.demo.england import Made, Maker, Progress
from signpost.demo.lives import Child, Stay
from signpost.demo.places import Feed, Team
from signpost.demo.signin import people_file
from signpost.demo.workers import Post

HEADS = {
    "services": "service,name,kind,agency,authority,from,to,sensitive,duty_line,out_of_hours_line,"
    "hours,confirmed_on",
    "practitioners": "practitioner,name,profession,registration,work_phone,work_email,confirmed_on,"
    "service,from,to",
    "children": "child,nhs_number,upn,family_name,given_name,birth_date,sex,postcode,shielded",
    "homes": "home,child,authority,from,to",
    "involvements": "involvement,child,service,from,to,consent",
    "allocations": "allocation,child,practitioner,service,part,from,to",
}
SERVICES_SINCE = date(2015, 4, 1)
Table = list[list]


@dataclass(frozen=True, slots=True)
class England:
    """What was written: how many of each, and where."""

    folder: Path
    today: date
    children: int
    sources: int
    services: int
    practitioners: int
    rows: dict[str, int]


def write_england(
    folder: Path,
    children: int = 6000,
    seed: int = 1,
    today: date | None = None,
    progress: Progress | None = None,
) -> England:
    """Write a country of children who never were, the same for the same children, seed and today.

    folder: made where it is not; an earlier demo in it is replaced. children: 50 to 400,000.
    progress: called with what is made, how many are done and how many there will be.
    today: from 2025 to 2038. Raise BadInput where the folder holds anything else, or where one of
    these is too small or too large.
    """
    today = today or date.today()
    _clear(folder)
    made = Maker(children, seed, today).make(progress)
    writer = _Writer(folder, Random(seed), made)
    writer.write(progress)
    feeds = list(made.country.feeds.values())
    return England(
        folder=folder,
        today=today,
        children=len(made.children),
        sources=len(feeds),
        services=sum(len(feed.teams) for feed in feeds),
        practitioners=sum(len(_workers(feed)) for feed in feeds),
        rows=dict(writer.counts),
    )


class _Writer:
    def __init__(self, folder: Path, rng: Random, made: Made) -> None:
        self.folder, self.rng, self.made = folder, rng, made
        self.tables: dict[str, dict[str, Table]] = {
            feed.id: {table: [] for table in HEADS} for feed in made.country.feeds.values()
        }
        self.truth: Table = []
        self.counts: dict[str, int] = defaultdict(int)

    def write(self, progress: Progress | None) -> None:
        feeds = list(self.made.country.feeds.values())
        for feed in feeds:
            self._add_teams(feed)
        for child in self.made.children:
            self._add_child(child)
        for done, feed in enumerate(feeds, start=1):
            self._write_feed(feed)
            if progress:
                progress("sources", done, len(feeds))
        sources = "id,name,authority,agency,every_days,basis,keep_years,extracted"
        _write_csv(self.folder / "sources.csv", sources, [_source(feed) for feed in feeds])
        _write_csv(self.folder / "truth.csv", "source,child,person,origin", self.truth)
        people = json.dumps(people_file(self.made), indent=1, ensure_ascii=False)
        (self.folder / "people.json").write_text(people + "\n", encoding="utf-8")

    def _write_feed(self, feed: Feed) -> None:
        if not feed.extracted:
            return
        for table, head in HEADS.items():
            rows = self.tables[feed.id][table]
            self.counts[table] += len(rows)
            _write_csv(self.folder / "sources" / feed.id / f"{table}.csv", head, rows)

    def _add_teams(self, feed: Feed) -> None:
        tables = self.tables[feed.id]
        for team in feed.teams:
            tables["services"] += [_service(team, *where) for where in _authorities(team)]
            tables["practitioners"] += [_practitioner(team, post) for post in team.posts]

    def _add_child(self, child: Child) -> None:
        by_feed: dict[str, list[Stay]] = defaultdict(list)
        for stay in child.stays:
            by_feed[stay.team.feed.id].append(stay)
        for feed_id, stays in by_feed.items():
            feed = stays[0].team.feed
            tables = self.tables[feed_id]
            local = f"C{len(tables['children']) + 1}"
            self.truth.append([feed_id, local, child.person, child.origin])
            tables["children"].append(child_row(self.rng, child, feed, local, stays))
            for home in homes_known(child, feed, stays):
                tables["homes"].append([f"H{len(tables['homes']) + 1}", local, *home])
            for stay in stays:
                _add_stay(tables, local, stay)


def _add_stay(tables: dict[str, Table], local: str, stay: Stay) -> None:
    involvements, allocations = tables["involvements"], tables["allocations"]
    days = stay.from_, stay.to, stay.consent
    service = stay.team.work.id
    involvements.append([f"I{len(involvements) + 1}", local, service, *days])
    for named in stay.named:
        who = [local, named.worker.id, service, named.part, named.from_, named.to]
        allocations.append([f"A{len(allocations) + 1}", *who])


def _service(team: Team, authority: str, from_: date, to: date | None) -> list:
    work = team.work
    sensitive = "yes" if work.sensitive else ""
    lines = [team.duty_line, team.out_of_hours_line, work.hours, team.confirmed_on]
    return [work.id, team.name, work.kind, work.agency, authority, from_, to, sensitive, *lines]


def _practitioner(team: Team, post: Post) -> list:
    who = post.worker
    reach = [who.phone, who.email, who.confirmed_on]
    days = [post.from_, post.to]
    return [who.id, who.name, who.profession, who.registration, *reach, team.work.id, *days]


def _authorities(team: Team) -> Iterable[tuple[str, date, date | None]]:
    """Where a team works: its area's number of today and before, and what its hospital serves too."""
    area = team.feed.area
    if area.before:
        yield area.before, SERVICES_SINCE, date.fromordinal(area.changed.toordinal() - 1)
    since = max(SERVICES_SINCE, area.changed)
    yield area.number, since, None
    if area.also and team.work.kind == "emergency department":
        yield area.also, since, None


def _source(feed: Feed) -> list:
    said = [feed.id, feed.name, feed.area.number, feed.agency, feed.every_days]
    return [*said, "public task", 25, feed.extracted]


def _workers(feed: Feed) -> set[str]:
    return {post.worker.id for team in feed.teams for post in team.posts}


def _write_csv(file: Path, head: str, rows: Iterable[list]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(head.split(","))
        writer.writerows(rows)


def _clear(folder: Path) -> None:
    """Remove an earlier demo; touch nothing that another hand has made."""
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not all((folder / file).is_file() for file in ("truth.csv", "sources.csv")):
        raise BadInput(f"{folder} holds something else: name an empty folder.")
    shutil.rmtree(folder / "sources", ignore_errors=True)
