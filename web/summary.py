"""A service map in one or two sentences, for who has ten seconds."""

from collections.abc import Sequence
from datetime import date

from graph import Home, Involvement, ServiceMap, same_place
from web.words import LONDON, count, day, listed


def summary(shown: ServiceMap) -> str:
    """Who is involved, where, and where the child lives; in the past tense for an earlier day."""
    on = shown.on or shown.today
    holding = [i for i in shown.involvements if i.period.holds(on)]
    ended = len(shown.involvements) - len(holding)
    parts = (_involved(holding, ended, on < shown.today), _lives(shown))
    return " ".join(part for part in parts if part)


def _involved(holding: list[Involvement], ended: int, past: bool) -> str:
    over = f"{count(ended, 'involvement has', 'involvements have')} ended" if ended else ""
    if not holding:
        return f"Nobody is involved now; {over}." if over else ""
    places = sorted({i.authority.name for i in holding})
    services = len({i.service.id if i.service else id(i) for i in holding})
    many = count(services, "service was", "services were") if past else ""
    many = many or count(services, "service is", "services are")
    crossing = ", across authority boundaries" if len(places) > 1 else ""
    ending = f"; {over}." if over else "."
    return f"{many} involved in {listed(places)}{crossing}{ending}"


def _lives(shown: ServiceMap) -> str:
    on = shown.on or shown.today
    homes = [home for home in shown.homes if home.period.holds(on)]
    if not homes:
        return ""
    here = homes[-1]
    if on < shown.today:
        return f"Lived in {here.authority.name}."
    if here.period.from_ is None:
        return f"Lives in {here.authority.name}."
    before = _left(shown.homes, here, here.period.from_)
    if before is None:
        return f"Lives in {here.authority.name} since {day(here.period.from_)}."
    moved = f"Moved from {before.authority.name} to {here.authority.name}"
    return f"{moved} on {day(here.period.from_)}{_nothing(shown, here, here.period.from_)}."


def _left(homes: Sequence[Home], here: Home, came: date) -> Home | None:
    """Where the child lived last before it came here; None where that is not known, or is here too."""
    earlier = [home for home in homes if (home.period.from_ or date.min) < came]
    last = max(earlier, key=lambda home: home.period.from_ or date.min, default=None)
    there = last and not same_place(last.authority.number, here.authority.number)
    return last if there else None


def _nothing(shown: ServiceMap, here: Home, came: date) -> str:
    """For how long nothing that is known is open where the child came to; empty where something is."""
    now = shown.known_at.astimezone(LONDON).date()
    there = [
        one.period
        for one in shown.involvements
        if same_place(one.authority.number, here.authority.number)
    ]
    since = max([came, *(period.to for period in there if period.to)])
    if since >= now or any(period.holds(now) for period in there):
        return ""
    many = count((now - since).days, "day")
    return f": nothing that Signpost knows of is open in {here.authority.name} for {many}"
