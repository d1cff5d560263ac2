"""Children worth trying: each sentence is read off what was made, so that it is true.

Only children whom every feed writes in the same way are looked at, or the one odd feed is said.
"""

from collections.abc import Callable
from datetime import date
from itertools import pairwise

from graph import authorities
from signpost.demo.england import Made
from signpost.demo.lives import BIRTH_DATE, NAME, NUMBER, Child, Stay
from web.words import count

Entry = dict[str, str | None]
HANDED_OVER = 28  # days without anybody from which a move is worth a sentence


def tries(made: Made) -> list[Entry]:
    """List one child for each thing worth seeing, a pair of twins, and a number that is nobody's."""
    told = [child for child in made.children if child.odd is not None]
    found = [_first(told, describe) for describe in WORTH_SEEING]
    first, second = next(pair for pair in pairwise(told) if _are_twins(*pair))
    nobody: Entry = dict.fromkeys(("family_name", "given_name", "birth_date"))
    nobody |= {"nhs_number": made.unused, "what": "Nobody has this number: see what was asked"}
    return [*found, _twin(first, second), _twin(second, first), nobody]


def _first(children: list[Child], describe: Callable[[Child], str]) -> Entry:
    return next(_entry(child, what) for child in children if (what := describe(child)))


def _entry(child: Child, what: str) -> Entry:
    return {
        "nhs_number": child.nhs_number,
        "family_name": child.family.text,
        "given_name": child.given.text,
        "birth_date": child.born.isoformat(),
        "what": what,
    }


def _at_once(child: Child) -> str:
    stays = _open(child)
    by_area: dict[str, list[str]] = {}
    for stay in stays:
        by_area.setdefault(stay.team.feed.area.name, []).append(stay.team.work.agency)
    agencies = {stay.team.work.agency for stay in stays}
    named = [n.worker.name for s in stays if s.team.work.id == "T1" for n in s.named]
    if len(by_area) < 2 or len(agencies) < 3 or not named:
        return ""
    places = [f"{area} ({', '.join(sorted(set(by_area[area])))})" for area in sorted(by_area)]
    return f"Open in {' and '.join(places)} at once; {named[0]} is named"


def _gap(child: Child) -> str:
    for old, new, closed in _moves(child):
        later = [stay for stay in child.stays if stay.from_ > closed]
        opened = min((s.from_ for s in later if s.team.feed.area.name == new), default=None)
        if opened and opened == min(stay.from_ for stay in later):
            days = (opened - closed).days - 1
            if days > HANDED_OVER:
                what = f"closed in {old} on {_day(closed)}, nothing opened in {new} for {count(days, 'day')}"
                return f"Moved {old} to {new}; {what}"
    return ""


def _never(child: Child) -> str:
    for old, new, closed in _moves(child):
        if all(stay.from_ <= closed for stay in child.stays):
            return f"Moved {old} to {new}; closed in {old} on {_day(closed)}, nothing opened since"
    return ""


def _moves(child: Child) -> list[tuple[str, str, date]]:
    """Moves at which all that was open closed: from, to, and the last day of the last team."""
    moves = []
    for old, new in pairwise(child.homes):
        before = [stay for stay in child.stays if stay.from_ <= new.from_]
        ends = [stay.to for stay in before if stay.to]
        if before and len(ends) == len(before) and max(ends) >= (old.to or max(ends)):
            moves.append((old.area.name, new.area.name, max(ends)))
    return moves


def _shielded(child: Child) -> str:
    return "Shielded: nothing is shown but whom to ring" if child.shielded else ""


def _sensitive(child: Child, consent: str) -> list[Stay]:
    return [s for s in _open(child) if s.team.work.sensitive and s.consent == consent]


def _without_consent(child: Child) -> str:
    found = _sensitive(child, "")
    return f"A sensitive service in {_where(found[0])}, without consent to show it" if found else ""


def _with_consent(child: Child) -> str:
    found = _sensitive(child, "given")
    return f"A sensitive service in {_where(found[0])}, shown with consent" if found else ""


def _left(child: Child) -> str:
    for stay in _open(child):
        for named in stay.named:
            ends = [post.to for post in stay.team.posts if post.worker is named.worker and post.to]
            if named.to is None and ends:
                who = f"{named.worker.name} of {stay.team.name}"
                return f"{who} left on {_day(max(ends))} and is still named"
    return ""


def _ended(child: Child) -> str:
    ends = [stay.to for stay in child.stays if stay.to]
    if len(ends) < len(child.stays) or _never(child) or _gap(child):
        return ""
    places = sorted({stay.team.feed.area.name for stay in child.stays})
    return f"Only ended involvements, in {' and '.join(places)}, the last on {_day(max(ends))}"


def _otherwise(child: Child) -> str:
    for feed, odd in (child.odd or {}).items():
        if odd == {NUMBER, NAME}:
            return f"{_name(child, feed)} spells the name otherwise and has no NHS number"
    return ""


def _swapped(child: Child) -> str:
    for feed, odd in (child.odd or {}).items():
        if BIRTH_DATE in odd:
            return f"{_name(child, feed)} has day and month of birth the wrong way round"
    return ""


def _silent(child: Child) -> str:
    for stay in _open(child):
        feed = stay.team.feed
        if feed.id in ("bradford-youth-justice",) and feed.extracted:
            return f"Known to {feed.name}, which last sent on {_day(feed.extracted)}"
    return ""


def _succeeded(child: Child) -> str:
    for home in child.homes:
        area = home.area
        if area.before and home.from_ < area.changed <= (home.to or area.changed):
            return f"Lived in {authorities()[area.before].name}, which became {area.name}"
    return ""


WORTH_SEEING = (
    _at_once,
    _gap,
    _never,
    _ended,
    _left,
    _shielded,
    _without_consent,
    _with_consent,
    _otherwise,
    _swapped,
    _silent,
    _succeeded,
)


def _are_twins(one: Child, other: Child) -> bool:
    return one.born == other.born and one.family == other.family and not one.shielded


def _twin(child: Child, other: Child) -> Entry:
    return _entry(child, f"Twin of {other.given.text}: same day, and a number next to this")


def _open(child: Child) -> list[Stay]:
    return [stay for stay in child.stays if stay.to is None]


def _name(child: Child, feed: str) -> str:
    return next(s.team.feed.name for s in child.stays if s.team.feed.id == feed)


def _where(stay: Stay) -> str:
    return stay.team.feed.area.name


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
