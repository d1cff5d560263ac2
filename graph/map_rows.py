"""From rows of the graph to the parts of an answer."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from graph.answers import (
    Allocation,
    ContactKind,
    Coverage,
    Home,
    Involvement,
    Pointer,
    SourceAge,
    Successor,
)
from graph.areas import in_force
from graph.asking import Asking
from graph.authorities import authorities, successors_of
from graph.model import (
    Agency,
    Authority,
    Identity,
    InvolvementKind,
    Part,
    Period,
    PointerKind,
    Practitioner,
    Service,
)
from graph.rows import UNNAMED
from graph.sealing import Keyring

# Kinds of feed that hold services only: they know no child, and are not asked about any.
REGISTERS = ("gias", "ods", "openreferral")


def period(row: dict[str, Any]) -> Period:
    """The valid time of an edge; it was checked when it was loaded."""
    exact = row.get("to_exact")
    return Period.checked(
        from_=row["from"], to=row["to"], to_exact=True if exact is None else exact
    )


def homes_of(rows: Iterable[dict[str, Any]]) -> list[Home]:
    """Homes, the first first; what several sources say alike stands once."""
    found = [
        Home.checked(authority=_authority(row["number"], row["name"]), period=period(row))
        for row in rows
    ]
    return sorted(dict.fromkeys(found), key=lambda home: home.period.from_ or date.min)


def identities_of(rows: Iterable[dict[str, Any]], keyring: Keyring) -> list[Identity]:
    """Identities opened, the fullest and latest first, without the postcode, which is never shown."""
    dated = [
        (_shown(keyring.open(row["sealed"], row["child"])), row["asserted_on"]) for row in rows
    ]
    dated.sort(key=_order, reverse=True)
    return [Identity.checked(**shown) for shown, _ in dated]


def _shown(identity: Identity) -> dict[str, Any]:
    return {**dict(identity), "postcode": None}


def _order(dated: tuple[dict[str, Any], date]) -> tuple[int, date, str]:
    """By how many fields are said, then by date; two that are alike in both stand in one order, always."""
    shown, on = dated
    return sum(value is not None for value in shown.values()), on, str(shown)


def involvements_of(
    services: Iterable[dict[str, Any]], homes: Sequence[Home], today: date
) -> list[Involvement]:
    """All involvements, open ones first, then the latest first."""
    found = [i for row in services for i in _of_service(row, homes, today)]
    return sorted(found, key=_latest, reverse=True)


def _latest(involvement: Involvement) -> tuple[bool, date, date]:
    span = involvement.period
    return (span.open, span.to or date.max, span.from_ or date.min)


def _of_service(row: dict[str, Any], homes: Sequence[Home], today: date) -> list[Involvement]:
    service = Service.model_validate(row["service"]) if row["service"] else None
    workers = [(_allocation(worker, today), worker) for worker in row["workers"]]
    service = _completed(service, row["listed"]) if service else None
    next_ = [
        Successor(name=one["name"], duty_line=one["duty_line"], since=one["from"])
        for one in row["successors"] or ()
    ]
    found = []
    for episode in row["episodes"]:
        span = period(episode)
        own = [allocation for allocation, _ in workers if allocation.period.overlaps(span)]
        found.append(_involvement(service, row["areas"], span, own, episode, homes))
    found = [one.model_copy(update={"successors": next_}) for one in found] if next_ else found
    if (doubted := row["doubted"]) and doubted["on"]:
        said = {"doubted_on": doubted["on"], "doubted_line": ContactKind(doubted["line"])}
        found = [one.model_copy(update=said) for one in found]
    covered = {id(a) for i in found for a in i.allocations}
    for allocation, worker in workers:
        if id(allocation) not in covered:
            one = _involvement(
                service, row["areas"], allocation.period, [allocation], worker, homes
            )
            found.append(one)
    return found


_LINES = ("duty_line", "out_of_hours_line", "hours", "confirmed_on", "confirmed_by")


def _completed(service: Service, listed: Sequence[dict[str, Any]]) -> Service:
    """The same; where its source gives no telephone at all, the lines of the public register."""
    if service.duty_line or service.out_of_hours_line or not listed:
        return service
    return service.model_copy(update={name: listed[0][name] for name in _LINES})


def pointers_of(rows: Iterable[dict[str, Any]], today: date) -> list[Pointer]:
    """What points to other authorities, the latest first; what several say alike stands once."""
    found = [
        Pointer(
            kind=PointerKind(row["kind"]),
            authority=_authority(row["number"], row["name"]),
            now=_now(row["number"], today),
            period=period(row),
            said_by=row["said"],
        )
        for row in rows
    ]
    return sorted(dict.fromkeys(found), key=lambda one: one.period.from_ or date.min, reverse=True)


def _involvement(
    service: Service | None,
    areas: Sequence[dict[str, Any]],
    span: Period,
    allocations: Sequence[Allocation],
    row: dict[str, Any],
    homes: Sequence[Home],
) -> Involvement:
    return Involvement.checked(
        service=service,
        authority=area_of(areas, span, homes),
        period=span,
        kind=InvolvementKind(row["kind"]) if row.get("kind") else None,
        allocations=sorted(allocations, key=lambda a: (not a.period.open, a.part)),
        successors=(),
        doubted_on=None,
        doubted_line=None,
        crossings=(),
        source=row.get("source"),
        asserted_on=max(row["asserted_on"], row.get("confirmed_on") or row["asserted_on"]),
        recorded_at=row["recorded_at"],
        retracted_at=row.get("retracted_at"),
    )


def area_of(areas: Sequence[dict[str, Any]], span: Period, homes: Sequence[Home]) -> Authority:
    """Of the areas in which a service worked then, one where the child lived, and the latest of them.

    areas: rows with number, name, from and to. Return number 000 where none is known.
    """
    areas = [area for area in areas if area["number"] != UNNAMED]
    if not areas:
        return Authority(number=UNNAMED, name="Area not known")
    lived = {h.authority.number for h in homes if h.period.overlaps(span)}

    def near(area: dict[str, Any]) -> tuple[bool, bool, date, str]:
        since = area["from"] or date.min
        return period(area).overlaps(span), area["number"] in lived, since, area["number"]

    found = max(areas, key=near)
    return _authority(found["number"], found["name"])


def _allocation(row: dict[str, Any], today: date) -> Allocation:
    ends = [post["to"] for post in row["posts"]]
    left = max(ends) if ends and all(ends) else None
    return Allocation.checked(
        practitioner=Practitioner.model_validate(row["practitioner"]),
        part=Part(row["part"]),
        period=period(row),
        left_on=left if left and left < today else None,
    )


def _now(number: str, today: date) -> tuple[Authority, ...]:
    """What came after an authority that has ended."""
    later = in_force(successors_of(number), today) if number != UNNAMED else []
    return tuple(Authority(number=r.number, name=r.name) for r in later if r.number != number)


def _authority(number: str, name: str) -> Authority:
    return Authority.checked(number=number, name=name, region=None)


def coverage(
    asking: Asking, numbers: Sequence[str] | None, known_at: datetime, *, replay: bool
) -> Coverage:
    """Which sources send for these authorities, their successors or the whole country; how old each is.

    numbers: DfE numbers; None for all authorities there are.
    """
    asked = authorities() if numbers is None else numbers
    wanted = dict.fromkeys(one for number in asked for one in successors_of(number))
    rows = asking.transaction.run(
        "ask/coverage",
        authorities=[number for number in wanted if number in authorities()],
        registers=list(REGISTERS),
        known_at=known_at,
        replay=replay,
        clearance=asking.clearance,
    )
    ages = [
        _age(source, row["authority"], row["name"], known_at.date())
        for row in rows
        for source in row["sources"]
    ]
    missing = [row["authority"] for row in rows if row["authority"] and not row["sources"]]
    without = in_force(missing, known_at.date())
    return Coverage(
        sources=sorted(ages, key=lambda s: (not s.silent, s.sends_for, s.name)),
        authorities_without_source=[Authority(number=r.number, name=r.name) for r in without],
    )


def _age(source: dict[str, Any], number: str | None, name: str, day: date) -> SourceAge:
    last = source["last_extract"]
    days = (day - last).days if last else None
    return SourceAge.checked(
        id=source["id"],
        name=source["name"],
        authority=_authority(number, name) if number else None,
        agency=Agency(source["agency"]),
        last_extract=last,
        age_days=days,
        silent=silent_after(days, source["every_days"]),
    )


def silent_after(days: int | None, every_days: int) -> bool:
    """True where a source that should send every so many days has not, for twice that time."""
    return days is None or days > 2 * every_days
