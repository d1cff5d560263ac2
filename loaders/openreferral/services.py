"""From one service of a directory, as it came, to its rows: one for each authority's area."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from graph import Fault, Period, Service, ServiceRow
from loaders import cells
from loaders.openreferral.hours import day, hours
from loaders.openreferral.kinds import agency_of, what
from loaders.openreferral.pages import Item
from loaders.openreferral.phones import lines
from loaders.openreferral.shape import SCHEDULES, each
from loaders.openreferral.words import areas_of, organisation_of, plain, status_of, terms_of

# Of the Open Referral UK profile, "status": active, inactive, defunct, temporarily closed.
_ENDED = {"inactive", "defunct"}
_PAUSED = "temporarily closed"
_STATUSES = {"", "active", _PAUSED, *_ENDED}
_WITHOUT = "the service is taken without"


@dataclass
class Taken:
    """What came of one item: its rows, or why there are none.

    id: of the service, None where it cannot be read. modified: the day of its last change.
    """

    item: Item
    id: str | None = None
    modified: date | None = None
    rows: list[ServiceRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    @property
    def says(self) -> list[dict[str, Any]]:
        """What the rows say, wherever they stand."""
        return [row.model_dump(exclude={"file", "line"}) for row in self.rows]

    @property
    def weight(self) -> tuple[date, int]:
        """The later and then the fuller of two that are one service weighs more."""
        said = sum(
            value is not None for row in self.rows[:1] for value in dict(row.service).values()
        )
        return self.modified or date.min, said + len(self.rows)

    def odd(self, column: str, sentence: str) -> Fault:
        """A warning on what is odd."""
        return Fault(file=self.item.file, line=self.item.line, column=column, sentence=sentence)

    def warn(self, column: str, sentence: str) -> None:
        """Note what is odd."""
        self.warnings.append(self.odd(column, sentence))

    def refuse(self, column: str, sentence: str, areas: list[str | None]) -> None:
        """Note why the service is not taken, for each row that it would have been."""
        for area in areas:
            record = f"{self.id}/{area or ''}" if self.id else None
            fault = self.odd(column, sentence)
            self.faults.append(fault.model_copy(update={"table": "services", "record": record}))


def take(item: Item, extracted: date) -> Taken:
    """Read a service.

    item: a slim one. Return its rows, or the faults for which there are none.
    """
    taken, said = Taken(item), item.value
    if said is None:
        taken.refuse("", "is not an object", [None])
        return taken
    areas = areas_of(said)
    taken.id = _id(taken, said, areas)
    taken.modified = _day(taken, said, "last_modified") or _day(taken, said, "updated_at")
    name = _name(taken, said, areas)
    if taken.faults or taken.id is None or name is None:
        return taken
    period = _period(taken, said, extracted)
    if period:
        service = _service(taken, said, taken.id, name, extracted)
        taken.rows = [_row(taken, service, area, period) for area in areas]
    return taken


def _row(taken: Taken, service: Service, area: str | None, period: Period) -> ServiceRow:
    return ServiceRow(
        record=f"{service.id}/{area or ''}",
        service=service,
        authority=area,
        period=period,
        file=taken.item.file,
        line=taken.item.line,
    )


def _service(taken: Taken, said: dict[str, Any], id: str, name: str, on: date) -> Service:
    paused = status_of(said) == _PAUSED
    kind, sensitive = what(name, terms_of(said))
    duty, out_of_hours, none_fits = (None, None, False) if paused else lines(said)
    if none_fits:
        taken.warn("phones", f"has no UK telephone number; {_WITHOUT}")
    return Service(
        id=id,
        name=name,
        kind=kind,
        agency=agency_of(organisation_of(said), kind),
        sensitive=sensitive,
        duty_line=duty,
        out_of_hours_line=out_of_hours,
        hours=None if paused else _hours(taken, said, on),
        confirmed_on=_confirmed(taken, said, on),
    )


def _id(taken: Taken, said: dict[str, Any], areas: list[str | None]) -> str | None:
    try:
        found = cells.identifier(said.get("id"))
        if found is None:
            raise ValueError("is missing")
    except ValueError as error:
        taken.refuse("id", str(error), areas[:1])
        return None
    return found


def _name(taken: Taken, said: dict[str, Any], areas: list[str | None]) -> str | None:
    try:
        found, cut = cells.name(plain(said.get("name")))
        if found is None:
            raise ValueError("is missing")
    except ValueError as error:
        taken.refuse("name", str(error), areas)
        return None
    if cut:
        taken.warn("name", "is longer than 100 signs and was cut")
    return found


def _period(taken: Taken, said: dict[str, Any], extracted: date) -> Period | None:
    """Open, or ended on the day of its last change at the latest; None where that is not known."""
    status = status_of(said)
    if status not in _STATUSES:
        taken.warn("status", "is none of the four that there are; the service is taken as active")
    if status not in _ENDED:
        return Period()
    if taken.modified and taken.modified <= extracted:
        return Period(to=taken.modified, to_exact=False)
    taken.warn("status", "is closed since nobody knows when; the service is left out")
    return None


def _day(taken: Taken, said: dict[str, Any], key: str) -> date | None:
    try:
        return day(said.get(key))
    except ValueError as error:
        taken.warn(key, f"{error}; {_WITHOUT}")
        return None


def _confirmed(taken: Taken, said: dict[str, Any], extracted: date) -> date | None:
    found = _day(taken, said, "assured_date")
    if found and found > extracted:
        taken.warn("assured_date", f"is after the date of the extract; {_WITHOUT}")
        return None
    return found


def _hours(taken: Taken, said: dict[str, Any], on: date) -> str | None:
    """The service's own hours, else those of its places where these agree."""
    try:
        own = hours(_schedules(said), on)
        places = [*each(said.get("service_at_locations")), *each(said.get("locations"))]
        if own or not places:
            return own
        there = {hours([*_schedules(place), *_inside(place)], on) for place in places}
        return there.pop() if len(there) == 1 else None
    except ValueError as error:
        taken.warn("schedules", f"{error}; {_WITHOUT} its hours")
        return None


def _schedules(where: dict[str, Any]) -> list[dict[str, Any]]:
    return [schedule for key in SCHEDULES for schedule in each(where.get(key))]


def _inside(place: dict[str, Any]) -> list[dict[str, Any]]:
    return [s for location in each(place.get("location")) for s in _schedules(location)]
