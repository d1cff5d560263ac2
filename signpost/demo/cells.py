"""How a feed writes a child: with and without a number, under another spelling, as it was told."""

from datetime import date, timedelta
from random import Random

from signpost.demo.lives import BIRTH_DATE, NAME, NUMBER, Child, Home, Stay
from signpost.demo.names import plain, respell
from signpost.demo.numbers import birthday_swapped
from signpost.demo.places import Feed

NO_NUMBER = {
    "health": 0.04,
    "social care": 0.11,
    "education": 0.3,
    "early help": 0.25,
    "youth justice": 0.25,
    "police": 0.5,
    "voluntary": 0.5,
}
PUPIL_NUMBERS = ("education", "social care", "youth justice", "early help")
HOMES_KEPT = timedelta(days=730)  # the homes of two years are asked for
HEARD = timedelta(days=60)  # how long after its last day a team still hears of a move


def child_row(rng: Random, child: Child, feed: Feed, local: str, stays: list[Stay]) -> list[str]:
    """Write the row of children.csv."""
    odd = _odd(rng, child, feed)
    last = stays[-1].to or feed.extracted or stays[-1].from_
    given, family = _names(rng, child, feed, odd)
    told = feed.agency == "social care" or all(
        s.team.work.agency != "social care" for s in child.stays
    )
    return [
        local,
        "" if NUMBER in odd else _spaced(rng, child.nhs_number),
        child.upn if feed.agency in PUPIL_NUMBERS else "",
        family,
        given,
        _birth_date(child, odd, stays).isoformat(),
        "U" if child.odd is None and rng.random() < 0.03 else child.sex,
        "" if rng.random() < 0.08 else child.home_on(last).postcode,
        "yes" if child.shielded and told else "",
    ]


def homes_known(child: Child, feed: Feed, stays: list[Stay]) -> list[tuple[str, date, date | None]]:
    """List authority, from and to of the homes that a feed knows of, none where it asks for none."""
    if feed.agency == "voluntary" or not feed.extracted:
        return []
    first = min(stay.from_ for stay in stays) - HOMES_KEPT
    until = min(max((s.to or date.max - HEARD) + HEARD for s in stays), feed.extracted)
    known = [h for h in child.homes if h.from_ <= until and (h.to is None or h.to >= first)]
    rows = [row for home in known or child.homes[:1] for row in _by_authority(home)]
    return [
        (number, from_, to if to and to <= feed.extracted else None)
        for number, from_, to in rows
        if from_ <= feed.extracted
    ]


def _by_authority(home: Home) -> list[tuple[str, date, date | None]]:
    """One home is two rows where the authority gave way to another meanwhile."""
    area = home.area
    if not area.before or home.from_ >= area.changed:
        return [(area.number, home.from_, home.to)]
    last = area.changed - timedelta(days=1)
    if home.to and home.to <= last:
        return [(area.before, home.from_, home.to)]
    return [(area.before, home.from_, last), (area.number, area.changed, home.to)]


def _odd(rng: Random, child: Child, feed: Feed) -> frozenset[str]:
    if child.odd is not None:
        return child.odd.get(feed.id, frozenset())
    shares = {NUMBER: NO_NUMBER[feed.agency], NAME: 0.12, BIRTH_DATE: 0.02}
    return frozenset(what for what, share in shares.items() if rng.random() < share)


def _names(rng: Random, child: Child, feed: Feed, odd: frozenset[str]) -> tuple[str, str]:
    given, family = child.given.text, child.family.text
    if NAME in odd:
        which = rng.choice(("given", "family", "both"))
        given = respell(rng, child.given) if which != "family" else given
        family = respell(rng, child.family) if which != "given" else family
    if feed.agency == "police" and child.odd is None:
        given, family = plain(given), plain(family).upper()
    return given, family


def _birth_date(child: Child, odd: frozenset[str], stays: list[Stay]) -> date:
    swapped = birthday_swapped(child.born) if BIRTH_DATE in odd else None
    first = min(stay.from_ for stay in stays)
    return swapped if swapped and swapped <= first else child.born


def _spaced(rng: Random, number: str) -> str:
    return f"{number[:3]} {number[3:6]} {number[6:]}" if rng.random() < 0.5 else number
