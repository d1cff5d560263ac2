"""Under which keyed tokens a child is looked for: what is compared at all is decided here.

Each block joins two facts, so that one token is shared by few children and says little to a thief.
docs/threat-model.md has what each block finds, and what its frequencies tell.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from graph.comparing import NEAR_EXPECTED, Person

Token = Callable[..., str]
KINDS = (
    "born and initial",
    "both names",
    "born and sector",
    "name and sector",
    "name and expected month",
    "former pupil number",
)


def tokens_of(person: Person, token: Token, searching: bool = False) -> dict[str, set[str]]:
    """The tokens of each block for this child; a block that the child says too little for is empty.

    token: Keyring.token. searching: also those of a birth date written otherwise (day and month
    swapped), which a stored record need not carry because whoever looks for it does.
    """
    found: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for kind, parts in _keys(person, searching):
        found[kind].add(token("block", kind, *parts))
    found["former pupil number"].update(upns_of(person, token, person.former_upns))
    return found


def numbers_of(person: Person, token: Token) -> dict[str, str]:
    """The tokens of numbers: nhs, and upn with birth date."""
    found = {}
    if person.nhs:
        found["nhs"] = token("nhs", person.nhs)
    if person.upn and person.born:
        [found["upn"]] = upns_of(person, token, (person.upn,))
    return found


def upns_of(person: Person, token: Token, numbers: tuple[str, ...] | None = None) -> list[str]:
    """The tokens of pupil numbers with the birth date: of these, or of all that the child has or had."""
    if numbers is None:
        numbers = (*([person.upn] if person.upn else []), *person.former_upns)
    return [token("upn", upn, person.born.isoformat()) for upn in numbers if person.born]


def _keys(person: Person, searching: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
    families = sorted({sound for name in person.family for sound in name.sounds})
    givens = sorted(person.given.sounds) if person.given else []
    names = sorted({*families, *givens})
    days = [day.isoformat() for day in _days(person, searching)]
    for day in days:
        yield from (("born and initial", (day, name[:1])) for name in names)
        if person.sector:
            yield "born and sector", (day, person.sector)
    for family in families:
        yield from (("both names", tuple(sorted((family, given)))) for given in givens)
    if person.sector:
        yield from (("name and sector", (name, person.sector)) for name in names)
    for month in _months(person, searching):
        yield from (("name and expected month", (family, month)) for family in families)


def _days(person: Person, searching: bool) -> Iterator[date]:
    born = person.born
    if born is None:
        # An unborn child may be born by now, and whoever is born carries no month.
        reach = NEAR_EXPECTED.days if searching and person.expected else -1
        first = person.expected or date.min
        yield from (first + timedelta(days=n) for n in range(-reach, reach + 1))
        return
    yield born
    if searching and born.day <= 12 and born.day != born.month:
        yield date(born.year, born.day, born.month)


def _months(person: Person, searching: bool) -> list[str]:
    """The month in which an unborn child is expected; while searching, all that are near."""
    day = person.expected or (person.born if searching else None)
    if day is None:
        return []
    reach = NEAR_EXPECTED if searching else NEAR_EXPECTED * 0
    first, last = day - reach, day + reach
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in months]
