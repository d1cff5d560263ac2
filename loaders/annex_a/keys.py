"""The record ids that one row of Annex A stands for, each None where it cannot be read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from graph import Agency, Part, Service
from loaders.annex_a.line import Line
from loaders.cells import slug
from loaders.services import service

PARTS = {"worker": Part.ALLOCATED_WORKER, "adviser": Part.PERSONAL_ADVISER}


@dataclass(frozen=True)
class Named:
    """A practitioner named in a row: by their part, with the records of post and allocation."""

    part: Part
    name: str = ""
    post: str | None = None
    allocation: str | None = None

    @property
    def id(self) -> str:
        """The practitioner's id, made of the name."""
        return slug(self.name)


@dataclass(frozen=True)
class Keys:
    """What a row is about: the involvement's record, the child, the team, the practitioners.

    homes: the record of the home that the row tells, if it tells one.
    """

    involvement: str | None
    child: str | None
    team: Service | None
    named: list[Named]
    homes: list[str | None]

    def records(self) -> Iterator[tuple[str, str | None]]:
        """Every (table, record) of the row beside its involvement."""
        yield "children", self.child
        yield "services", self.team and f"{self.team.id}/"
        for home in self.homes:
            yield "homes", home
        for named in self.named:
            yield "practitioners", named.post
            yield "allocations", named.allocation


def keys(line: Line, extracted: date, met: set[str]) -> Keys:
    """Read the ids of a row.

    met: the records met so far, so that a repeat ends in "#2"; the row's own is added.
    Return them. Practitioners are named only while the involvement is open.
    """
    team, repeat = _team(line), _repeat(line, met)
    ids = (
        [_named(line, column, team, repeat) for column in PARTS] if line.open_on(extracted) else []
    )
    return Keys(
        involvement=line.base and line.base + repeat,
        child=line.values.get("child"),
        team=team,
        named=[named for named in ids if named],
        homes=[_home(line, repeat)] if line.values.get("placed") else [],
    )


def _home(line: Line, repeat: str) -> str | None:
    """Named by the start of the placement: the next placement is another home, and this one ends."""
    since = line.values.get("since") or line.values["placed"]
    return line.base and f"{line.base}:{since}{repeat}"


def _team(line: Line) -> Service | None:
    early = "organisation" in line.at.list.columns
    column = "organisation" if early else "team"
    if column in line.wrong:
        return None
    return service(line.values.get(column), Agency.EARLY_HELP if early else Agency.SOCIAL_CARE)


def _repeat(line: Line, met: set[str]) -> str:
    """Empty for the first of a record; a row of rejects says itself which it is."""
    if line.base is None:
        return ""
    number = line.values.get("repeat") or 1
    while f"{line.base}#{number}" in met:
        number += 1
    met.add(f"{line.base}#{number}")
    return f"#{number}" if number > 1 else ""


def _named(line: Line, column: str, team: Service | None, repeat: str) -> Named | None:
    if column in line.wrong:
        return Named(PARTS[column])
    name = line.values.get(column)
    if name is None:
        return None
    who = slug(name)
    mark = "pa:" if column == "adviser" else ""
    return Named(
        part=PARTS[column],
        name=name,
        post=team and f"{who}/{team.id}",
        allocation=line.base and f"{line.base}:{mark}{who}{repeat}",
    )
