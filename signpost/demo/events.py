"""Draws a child's life by lot: where it moves, which teams come and go."""

from datetime import date, timedelta
from random import Random

from signpost.demo.lives import (
    ACROSS,
    FOLLOWED,
    HAND_OVER_TEAMS,
    KEPT,
    MOVES,
    RECENT,
    SINCE,
    STAYS,
    Child,
    Country,
    Home,
    Stay,
)
from signpost.demo.naming import name_workers
from signpost.demo.numbers import postcode
from signpost.demo.places import Area, Team


def settle(rng: Random, country: Country, born: date) -> list[Home]:
    """Draw the homes of a child, the first from its birth."""
    days = sorted(_move_days(rng, country, born))
    area = country.any_area(rng)
    homes = [home(rng, area, born)]
    for day in days:
        area = country.next_area(rng, area)
        if area is homes[-1].area:
            continue
        homes[-1].to = day - timedelta(days=1)
        homes.append(home(rng, area, day))
    return homes


def home(rng: Random, area: Area, from_: date, to: date | None = None) -> Home:
    """Make a home at a postcode of the area that is nowhere."""
    return Home(area, from_, to, postcode(rng, area.postcodes))


def _move_days(rng: Random, country: Country, born: date) -> list[date]:
    first = max(born + timedelta(days=60), SINCE + timedelta(days=60))
    span = (country.today - first).days - 20
    moves = rng.choices(*MOVES)[0]
    if span < 400 * moves:
        return []
    days = [first + timedelta(days=rng.randrange(span)) for _ in range(moves)]
    return days if moves < 2 or abs((days[0] - days[1]).days) > 200 else days[:1]


def live(rng: Random, country: Country, child: Child) -> None:
    """Draw the involvements of a child whose homes are known."""
    last = country.today
    for old, new in zip(child.homes, child.homes[1:], strict=False):
        if not _hand_over(rng, country, child, old, new):
            last = new.from_
    wanted = rng.choices(*STAYS)[0]
    for _ in range(2 * wanted):
        if len(child.stays) >= wanted:
            break
        _happen(rng, country, child, last)
    child.stays.sort(key=lambda stay: (stay.from_, stay.team.feed.id, stay.team.work.id))


def _happen(rng: Random, country: Country, child: Child, last: date) -> None:
    """One involvement at any time before `last`, by a team where the child then lives."""
    first = max(child.born, SINCE)
    day = last - timedelta(days=1 + int((last - first).days * rng.random() ** RECENT))
    day = max(first, day)
    area = child.home_on(day).area
    near = country.near[area.slug]
    if near and rng.random() < ACROSS:
        team = country.team(rng, rng.choice(near), _age(child, day), day, ("health", "police"))
    else:
        team = country.team(rng, area, _age(child, day), day)
    if team:
        open_stay(rng, child, team, day)


def open_stay(rng: Random, child: Child, team: Team, day: date) -> Stay | None:
    """Begin an involvement and draw its end; None where the team is there already."""
    if team.work.from_age < 0:
        day = max(SINCE, child.born - timedelta(days=rng.randrange(30, 180)))
    days = min(1 + int(rng.expovariate(1 / team.work.days)), 2500) if team.work.days else 0
    end = min(day + timedelta(days=days), _leaves(rng, child, team, day))
    return add_stay(rng, child, team, day, max(day, end))


def add_stay(rng: Random, child: Child, team: Team, from_: date, to: date | None) -> Stay | None:
    """Add an involvement as the team's feed tells it: open where it ends after the extract."""
    extracted = team.feed.extracted
    if not extracted or from_ > extracted:
        return None
    stay = Stay(team, from_, to if to and to <= extracted else None)
    for other in child.stays:
        if (
            other.team is team
            and from_ <= (other.to or date.max)
            and other.from_ <= (to or date.max)
        ):
            return None
    if team.work.sensitive:
        stay.consent = rng.choices(("", "given", "withdrawn"), (60, 35, 5))[0]
    if rng.random() < team.work.named:
        name_workers(rng, stay)
    child.stays.append(stay)
    return stay


def _leaves(rng: Random, child: Child, team: Team, day: date) -> date:
    """The last day of an involvement by age and by the next move, mostly."""
    years = max(team.work.to_age, _age(child, day) + 0.05)
    grown = child.born + timedelta(days=int(years * 365.25))
    moved = child.home_on(day).to
    if not moved or child.home_on(day).area is not team.feed.area or rng.random() < KEPT:
        return grown
    return min(grown, max(day, moved + timedelta(days=rng.randrange(-5, 25))))


def _hand_over(rng: Random, country: Country, child: Child, old: Home, new: Home) -> bool:
    """Involvement before a move, its end at the move, and mostly a new one after it.

    Return False where nothing was opened in the new area.
    """
    ends = new.from_ + timedelta(days=rng.randrange(-5, 25))
    starts = max(SINCE, old.from_, new.from_ - timedelta(days=rng.randrange(20, 600)))
    team = country.team(rng, old.area, _age(child, starts), starts, HAND_OVER_TEAMS)
    if team and team.work.days:
        add_stay(rng, child, team, starts, max(starts, ends))
    if rng.random() >= FOLLOWED:
        return False
    day = ends + timedelta(days=1 + int(121 * rng.random() ** 3))
    team = country.team(rng, new.area, _age(child, day), day, HAND_OVER_TEAMS)
    return bool(team and open_stay(rng, child, team, day))


def _age(child: Child, day: date) -> float:
    return (day - child.born).days / 365.25
