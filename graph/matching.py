"""Whether two descriptions are of one child: score and band. Pure functions.

A search and a loaded record are compared by the same code. A score is a sum of terms, each with its
field, its level in words and its weight, after Fellegi and Sunter (1969).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import log2

from graph.comparing import (
    Level,
    Person,
    closest,
    compare_births,
    compare_digits,
    compare_equal,
    compare_names,
    compare_sectors,
    compare_upns,
    is_number,
)
from graph.holding import TWO_NUMBERS_TWO_NAMES, holds_of
from graph.naming import Name
from graph.weights import Frequencies, Weights, weights

MATCH_FROM, POSSIBLE_FROM = 0.95, 0.85
_NAMES = ("family name", "given name")
Weighed = tuple[Level, float]  # how two names agree, and what that weighs in bits


class Band(StrEnum):
    """What a score comes to."""

    MATCH = "match"
    POSSIBLE = "possible"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Term:
    """One reason: a field, how it agrees, and what that weighs in bits."""

    field: str
    level: Level
    bits: float


@dataclass(frozen=True, slots=True)
class Score:
    """What comparing came to.

    probability: that the two are one child; terms: why; holds: sentences on why it may not be called
    a match, however probable.
    """

    probability: float
    terms: tuple[Term, ...]
    holds: tuple[str, ...] = ()

    @property
    def band(self) -> Band:
        """0.95 and over is a match unless something holds it back; from 0.85 on it is possible."""
        if self.probability < POSSIBLE_FROM or TWO_NUMBERS_TWO_NAMES in self.holds:
            return Band.LOW
        return Band.MATCH if self.probability >= MATCH_FROM and not self.holds else Band.POSSIBLE

    def level(self, field: str) -> Level | None:
        """How that field agrees; None where one side does not say."""
        return next((term.level for term in self.terms if term.field == field), None)


def score(
    one: Person, other: Person, frequencies: Frequencies, learnt: Weights | None = None
) -> Score:
    """How probable it is that the two are one child, and why.

    frequencies: how common names are, and among how many children one looks.
    """
    learnt = learnt or weights()
    names = _names(one, other, frequencies, learnt)
    terms = (*names, *_others(one, other, frequencies, learnt))
    holds = holds_of(
        {term.field: term.level for term in terms},
        verified=is_number(one.nhs) and is_number(other.nhs),
        rhyme=_both_are_names(one.given, other.given, frequencies),
    )
    return Score(_probability(terms, frequencies, learnt), terms, holds)


def hopeless(one: Person, other: Person, frequencies: Frequencies, least: float) -> bool:
    """True where `score` would come to less than `least`, or two numbers and two names forbid a pair.

    Most who stand near each other are told apart by this, without a reason for each field. Never true
    of two with one NHS number, or with the same names and birth date.
    """
    learnt = weights()
    if _two_numbers_two_names(one, other):
        return not _crosswise(one, other, frequencies, learnt)
    levels = _levels(one, other)
    names = [name for name in _straight(one, other, frequencies, learnt) if name]
    agrees = {part for _, part, level in levels if level is Level.SAME}
    if "nhs" in agrees or ("birth" in agrees and all(name[0] is Level.SAME for name in names)):
        return False
    bits = frequencies.prior + sum(name[1] for name in names)
    for _, part, level in levels:
        bits += _bits(part, level, frequencies, learnt)
    return bits < log2(least / (1 - least)) and not _crosswise(one, other, frequencies, learnt)


def _two_numbers_two_names(one: Person, other: Person) -> bool:
    if one.nhs == other.nhs or one.given is None or other.given is None:
        return False
    apart = compare_names(one.given, other.given) in (Level.DIFFERENT, Level.ALIKE)
    return apart and is_number(one.nhs) and is_number(other.nhs)


def _probability(terms: tuple[Term, ...], frequencies: Frequencies, learnt: Weights) -> float:
    """That the two are one child, and neither two of many nor brother and sister.

    Children of one family share family name, home and, as twins, the birth date; Fellegi and Sunter's
    two hypotheses would call such two one child. A third is beside them here: that they are siblings.
    """
    one = frequencies.prior + _sum(terms)
    twins = any(term.field == "birth date" and term.level is Level.SAME for term in terms)
    rate = frequencies.twins if twins else frequencies.siblings
    siblings = frequencies.prior + sum(_as_siblings(term, twins, learnt) for term in terms)
    return 1 / (1 + 2**-one + rate * 2 ** (siblings - one))


def _as_siblings(term: Term, twins: bool, learnt: Weights) -> float:
    """What a term weighs for two of one family, beside two of many."""
    if term.field in ("family name", "postcode") or (term.field == "birth date" and twins):
        return term.bits
    if term.field in ("given name", "NHS number", "UPN") and term.level is Level.SAME:
        return term.bits + learnt.bits("siblings", "SAME")
    return 0.0


def best(one: Person, others: Iterable[Person], frequencies: Frequencies) -> Score:
    """The best score against several descriptions of one child."""
    return max((score(one, other, frequencies) for other in others), key=rank)


_RANKS = {band: -place for place, band in enumerate(Band)}


def rank(found: Score) -> tuple[int, float]:
    """By which of two scores is the better: the band, then how probable."""
    return _RANKS[found.band], found.probability


def exact_names(found: Score) -> bool:
    """True where family name and given name are the same, or forms of one name."""
    agree = (Level.SAME, Level.FORM)
    return all(found.level(name) in agree for name in ("family name", "given name"))


def exact(found: Score) -> bool:
    """True where family name, given name and birth date are all the same."""
    fields = ("family name", "given name", "birth date")
    crossed = found.level("names") is Level.CROSSED
    return not crossed and all(found.level(one) is Level.SAME for one in fields)


def _names(
    one: Person, other: Person, frequencies: Frequencies, learnt: Weights
) -> tuple[Term, ...]:
    """The terms of the two names, straight or, where that fits far better, crosswise."""
    found = zip(_NAMES, _straight(one, other, frequencies, learnt), strict=True)
    straight = tuple(Term(label, *weighed) for label, weighed in found if weighed)
    ones = ((*one.family, one.given), (*other.family, other.given))
    if not all(any(side) for side in ones):
        return straight
    crossed = _crosswise(one, other, frequencies, learnt)
    return crossed if crossed and _sum(crossed) > max(_sum(straight), 0.0) else straight


def _straight(
    one: Person, other: Person, frequencies: Frequencies, learnt: Weights
) -> tuple[Weighed | None, Weighed | None]:
    """Family name beside family name, and given name beside given name."""
    family = _weigh_families(one.family, other.family, frequencies, learnt)
    if one.given is None or other.given is None:
        return family, None
    return family, _weigh("given", one.given, other.given, frequencies, learnt)


def _crosswise(
    one: Person, other: Person, frequencies: Frequencies, learnt: Weights
) -> tuple[Term, ...]:
    """One's family name beside the other's given name, and the reverse; both must be the same."""
    found: list[tuple[float, Level]] = []
    for givens, families in ((one.given, other.family), (other.given, one.family)):
        if givens is None or not families:
            continue
        pairs = [(givens, name) for name in families]
        level = Level.SAME if any(a.form == b.form for a, b in pairs) else closest(pairs)
        if level not in (Level.SAME, Level.FORM, Level.SOUND, Level.SPELT):
            return ()
        share = max(frequencies.share(part, givens.form) for part in ("given", "family"))
        found.append(
            (learnt.bits("given", level.name, share if level is Level.SAME else None), level)
        )
    # Which of the two is called the family name must not depend on whose turn it is.
    found.sort(key=lambda one: (-one[0], one[1]))
    terms = [Term(label, level, bits) for label, (bits, level) in zip(_NAMES, found, strict=False)]
    return (*terms, Term("names", Level.CROSSED, learnt.bits("order", "SWAPPED"))) if terms else ()


def _weigh_families(
    ones: tuple[Name, ...], others: tuple[Name, ...], frequencies: Frequencies, learnt: Weights
) -> Weighed | None:
    """The best of the family names, former ones too; one that is former is said to be so."""
    found: list[Weighed] = []
    for a in ones:
        for b in others:
            level, bits = _weigh("family", a, b, frequencies, learnt)
            former = level is Level.SAME and (a, b) != (ones[0], others[0])
            # A name that is the same only as a former one is not the same name.
            found.append((Level.FORMER if former else level, bits))
    return max(found, key=lambda one: one[1], default=None)


def _weigh(part: str, one: Name, other: Name, frequencies: Frequencies, learnt: Weights) -> Weighed:
    """How two names of one part agree, and what that weighs in bits."""
    level = compare_names(one, other)
    share = None
    if level in (Level.SAME, Level.FORM):
        # Of two at random who have a name in common, as many have it in another form as u says.
        rarer = learnt.levels[part][level.name][1] / learnt.levels[part]["SAME"][1]
        share = max(frequencies.share(part, name.form) for name in (one, other)) * rarer
    return level, learnt.bits(part, level.name, share)


def _others(one: Person, other: Person, frequencies: Frequencies, learnt: Weights) -> list[Term]:
    """The terms of birth date, sex, postcode sector and numbers."""
    return [
        Term(label, level, _bits(part, level, frequencies, learnt))
        for label, part, level in _levels(one, other)
    ]


def _bits(part: str, level: Level, frequencies: Frequencies, learnt: Weights) -> float:
    """What a level of anything but a name weighs."""
    # A former pupil number is as good as the present one.
    name = Level.SAME.name if level is Level.FORMER else level.name
    return learnt.bits(part, name, frequencies.alike.get(part) if level is Level.SAME else None)


def _levels(one: Person, other: Person) -> list[tuple[str, str, Level]]:
    """Of birth date, sex, postcode sector and numbers: what it is called, its weights, how it agrees."""
    found: list[tuple[str, str, Level]] = []
    if (one.born or one.expected) and (other.born or other.expected):
        found.append(("birth date", "birth", compare_births(one, other)))
    for label, part, mine, theirs, how in (
        ("sex", "sex", one.sex, other.sex, compare_equal),
        ("postcode", "sector", one.sector, other.sector, compare_sectors),
        ("NHS number", "nhs", one.nhs, other.nhs, compare_digits),
    ):
        if mine and theirs:
            found.append((label, part, how(mine, theirs)))
    if upns := compare_upns(one, other):
        found.append(("UPN", "upn", upns))
    return found


def _both_are_names(one: Name | None, other: Name | None, frequencies: Frequencies) -> bool:
    """True where each is a name that several here have, as Layla and Kayla, and so no slip of the pen."""
    return all(
        name is not None and frequencies.is_name("given", name.form) for name in (one, other)
    )


def _sum(terms: Iterable[Term]) -> float:
    return sum(term.bits for term in terms)
