"""Whether two descriptions are of one child: compare, score, band. Pure functions.

A search and a loaded record are compared by the same code. A score is a sum of terms, each with its
field, its level in words and its weight, after Fellegi and Sunter (1969).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

import nhs_number
from rapidfuzz.distance import OSA, JaroWinkler

from graph.model import Identity, Sex
from graph.naming import Name, name_of, sound_of
from graph.weights import Frequencies, Weights, weights

MATCH_FROM, POSSIBLE_FROM = 0.95, 0.85
# A child may be born this long before or after the day that was expected.
NEAR_EXPECTED = timedelta(days=42)
_CLOSE, _NEAR = 0.93, 0.87
_VOWEL = re.compile("[aeiouy]")


class Level(StrEnum):
    """How two values of a field agree; in the words that a person reads."""

    SAME = "the same"
    FORM = "another form of it"
    SOUND = "it sounds the same"
    SPELT = "spelt almost the same"
    SHORT = "a short form of it"
    ALIKE = "spelt alike"
    PARTLY = "one part is the same"
    INITIAL = "an initial that fits"
    SWAPPED = "day and month swapped"
    DIGIT = "one digit is different"
    TWO_PARTS = "two of day, month and year agree"
    EXPECTED = "near the expected date"
    DISTRICT = "the same postcode district"
    FORMER = "the same as a former name"
    CROSSED = "given and family name swapped"
    DIFFERENT = "different"


class Band(StrEnum):
    """What a score comes to."""

    MATCH = "match"
    POSSIBLE = "possible"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Person:
    """An identity made ready to compare; what is not known, or a placeholder, is None."""

    family: tuple[Name, ...]
    given: Name | None
    born: date | None
    expected: date | None
    sex: str | None
    sector: str | None
    nhs: str | None
    upn: str | None


@dataclass(frozen=True, slots=True)
class Term:
    """One reason: a field, how it agrees, and what that weighs in bits."""

    field: str
    level: Level
    bits: float

    def __str__(self) -> str:
        return f"{self.field}: {self.level.value}"


@dataclass(frozen=True, slots=True)
class Score:
    """What comparing came to.

    probability: that the two are one child; terms: why; swapped: family and given name were
    compared crosswise; holds: sentences on why it may not be called a match, however probable.
    """

    probability: float
    terms: tuple[Term, ...]
    swapped: bool = False
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


TWINS = "Given names differ: may be a twin, a brother or a sister."
RHYME = "Both given names are names that people have: may be twins whose names rhyme."
BOY_AND_GIRL = "Neither the sex nor the given name is the same: may be brother and sister."
NUMBERS = "Both have an NHS number, and the numbers differ."
TWO_NUMBERS_TWO_NAMES = "Neither the given names nor the NHS numbers agree."
BORN_APART = "The birth dates do not agree."
BORN_NEAR = "The birth dates are only near each other, and nothing says that the homes are."
ONLY_GIVEN = "Neither the family name nor the birth date is the same."
NO_GIVEN = "Without a given name or a number it could be a brother or a sister."
TOO_FEW = "Fewer than three of family name, given name, birth date and postcode agree."
_HOME = (Level.SAME, Level.DISTRICT)
_NEARLY = (Level.DIGIT, Level.TWO_PARTS)
_CROSSED = ("family name", "given name")
_MAIN = ("family name", "given name", "birth date", "postcode")


def person_of(identity: Identity) -> Person:
    """An identity, ready to compare."""
    families = (identity.family_name, *identity.former_names)
    family = [name for name in (name_of(text, "family") for text in families) if name]
    return Person(
        family=tuple(dict.fromkeys(family)),
        given=name_of(identity.given_name, "given"),
        born=identity.birth_date,
        expected=identity.expected_date,
        sex=None if identity.sex is Sex.UNKNOWN else identity.sex.value,
        sector=sector_of(identity.postcode) if identity.postcode else None,
        nhs=identity.nhs_number,
        upn=identity.upn,
    )


def sector_of(postcode: str) -> str:
    """The sector of a postcode or of a sector, as LS1 4 of LS1 4AP."""
    plain = re.sub(r"[A-Z]{2}$", "", postcode.replace(" ", "").upper())
    return f"{plain[:-1]} {plain[-1]}"


def score(
    one: Person, other: Person, frequencies: Frequencies, learnt: Weights | None = None
) -> Score:
    """How probable it is that the two are one child, and why.

    frequencies: how common names are, and among how many children one looks.
    """
    learnt = learnt or weights()
    names, swapped = _names(one, other, frequencies, learnt)
    terms = (*names, *_others(one, other, frequencies, learnt))
    holds = _holds(
        terms,
        verified=is_number(one.nhs) and is_number(other.nhs),
        rhyme=_both_are_names(one.given, other.given, frequencies),
    )
    return Score(_probability(terms, frequencies, learnt), terms, swapped, holds)


def _probability(terms: tuple[Term, ...], frequencies: Frequencies, learnt: Weights) -> float:
    """That the two are one child, and neither two of many nor brother and sister.

    Children of one family share family name, home and, as twins, the birth date; Fellegi and Sunter's
    two hypotheses would call such two one child. A third is beside them here: that they are siblings.
    """
    one = min(frequencies.prior + _sum(terms), 60.0)
    twins = any(term.field == "birth date" and term.level is Level.SAME for term in terms)
    rate = frequencies.twins if twins else frequencies.siblings
    siblings = frequencies.prior + sum(_as_siblings(term, twins, learnt) for term in terms)
    return 1 / (1 + 2**-one + rate * 2 ** (min(siblings, 60.0) - one))


def _as_siblings(term: Term, twins: bool, learnt: Weights) -> float:
    """What a term weighs for two of one family, beside two of many."""
    if term.field in ("family name", "postcode") or (term.field == "birth date" and twins):
        return term.bits
    if term.field in ("given name", "NHS number", "UPN") and term.level is Level.SAME:
        return term.bits + learnt.bits("siblings", "SAME")
    return 0.0


@lru_cache(maxsize=200_000)
def is_number(number: str | None) -> bool:
    """True for an NHS number whose check digit fits, so that it was not mistyped."""
    return bool(number) and len(number or "") == 10 and nhs_number.is_valid(number)


def best(one: Person, others: Iterable[Person], frequencies: Frequencies) -> Score:
    """The best score against several descriptions of one child."""
    return max((score(one, other, frequencies) for other in others), key=rank)


def rank(found: Score) -> tuple[int, float]:
    """By which of two scores is the better: the band, then how probable."""
    return -list(Band).index(found.band), found.probability


def exact_names(found: Score) -> bool:
    """True where family name and given name are the same, or forms of one name."""
    agree = (Level.SAME, Level.FORM)
    return all(found.level(name) in agree for name in ("family name", "given name"))


def exact(found: Score) -> bool:
    """True where family name, given name and birth date are all the same."""
    fields = ("family name", "given name", "birth date")
    return not found.swapped and all(found.level(one) is Level.SAME for one in fields)


def _names(
    one: Person, other: Person, frequencies: Frequencies, learnt: Weights
) -> tuple[tuple[Term, ...], bool]:
    """The terms of the two names, straight or, where that fits far better, crosswise."""
    straight = (
        *_family(one.family, other.family, frequencies, learnt),
        *_name("given", one.given, other.given, frequencies, learnt),
    )
    ones = ((*one.family, one.given), (*other.family, other.given))
    if not all(any(side) for side in ones):
        return straight, False
    crossed = _crosswise(one, other, frequencies, learnt)
    if crossed and _sum(crossed) > max(_sum(straight), 0.0):
        return crossed, True
    return straight, False


def _crosswise(
    one: Person, other: Person, frequencies: Frequencies, learnt: Weights
) -> tuple[Term, ...]:
    """One's family name beside the other's given name, and the reverse; both must be the same."""
    found: list[tuple[float, Level]] = []
    for givens, families in ((one.given, other.family), (other.given, one.family)):
        if givens is None or not families:
            continue
        pairs = [(givens, name) for name in families]
        level = Level.SAME if any(a.form == b.form for a, b in pairs) else _closest(pairs)
        if level not in (Level.SAME, Level.FORM, Level.SOUND, Level.SPELT):
            return ()
        share = max(frequencies.share(part, givens.form) for part in ("given", "family"))
        found.append(
            (learnt.bits("given", level.name, share if level is Level.SAME else None), level)
        )
    # Which of the two is called the family name must not depend on whose turn it is.
    found.sort(key=lambda one: (-one[0], one[1]))
    terms = [
        Term(label, level, bits) for label, (bits, level) in zip(_CROSSED, found, strict=False)
    ]
    return (*terms, Term("names", Level.CROSSED, learnt.bits("order", "SWAPPED"))) if terms else ()


def _family(
    ones: tuple[Name, ...], others: tuple[Name, ...], frequencies: Frequencies, learnt: Weights
) -> tuple[Term, ...]:
    """The best of the family names, former ones too; one that is former is said to be so."""
    found: list[tuple[Term, ...]] = []
    for a in ones:
        for b in others:
            terms = _name("family", a, b, frequencies, learnt)
            former = (a, b) != (ones[0], others[0])
            found.append(tuple(_former(term) if former else term for term in terms))
    return max(found, key=_sum, default=())


def _former(term: Term) -> Term:
    """The same term; a name that is the same only as a former one is not the same name."""
    return replace(term, level=Level.FORMER) if term.level is Level.SAME else term


def _name(
    part: str, one: Name | None, other: Name | None, frequencies: Frequencies, learnt: Weights
) -> tuple[Term, ...]:
    if one is None or other is None:
        return ()
    level = compare_names(one, other)
    share = None
    if level in (Level.SAME, Level.FORM):
        # Of two at random who have a name in common, as many have it in another form as u says.
        rarer = learnt.levels[part][level.name][1] / learnt.levels[part]["SAME"][1]
        share = max(frequencies.share(part, name.form) for name in (one, other)) * rarer
    return (Term(f"{part} name", level, learnt.bits(part, level.name, share)),)


@lru_cache(maxsize=500_000)
def compare_names(one: Name, other: Name) -> Level:
    """How two names of one part agree; the same whichever comes first."""
    if one.text == other.text:
        return Level.SAME
    if one.form == other.form or sorted(one.words) == sorted(other.words):
        return Level.FORM
    # Two names that people have, as Hassan and Husain, are not one name that was misspelt.
    misspelt = not (one.listed and other.listed)
    likeness, slips, sound = _likeness(one, other)
    shortest = min(len(one.whole), len(other.whole))
    if len(one.words) == len(other.words) > 1:
        return _word_by_word(one, other)
    if misspelt and shortest > 2 and sound and likeness >= 0.8:
        return Level.SOUND
    if misspelt and shortest > 2 and (likeness >= _CLOSE or (shortest > 3 and slips == 1)):
        return Level.SPELT
    if _shares_a_part(one, other):
        return Level.PARTLY
    if misspelt and _is_short_for(one.whole, other.whole):
        return Level.SHORT
    if likeness >= _NEAR or (sound and shortest > 2):
        return Level.ALIKE
    if 1 in (len(one.text), len(other.text)) and one.text[0] == other.text[0]:
        return Level.INITIAL
    return Level.DIFFERENT


def _likeness(one: Name, other: Name) -> tuple[float, int, bool]:
    """How alike two names are at best, as they stand or by their forms: Jaro-Winkler, slips, same sound.

    Arabic and Hebrew letters leave vowels out; then the consonants are all there is to compare.
    """
    pairs = {
        tuple(sorted((a, b))) for a in (one.whole, one.form) for b in (other.whole, other.form)
    }
    likeness = max(JaroWinkler.similarity(a, b) for a, b in pairs)
    slips = min(OSA.distance(a, b) for a, b in pairs)
    sound = any(sound_of(a) == sound_of(b) for a, b in pairs)
    bare = not all(_VOWEL.search(name.whole) for name in (one, other))
    return (1.0 if bare and sound else likeness), slips, sound


def _word_by_word(one: Name, other: Name) -> Level:
    """The worst of what the words of two names come to: Muhammad Hassan is not Muhammad Husain."""
    pairs = zip(one.words, other.words, strict=True)
    named = [
        [name_of(word, name.part) for word, name in zip(p, (one, other), strict=True)]
        for p in pairs
    ]
    found = [compare_names(a, b) if a and b else Level.DIFFERENT for a, b in named]
    return max(found, key=list(Level).index)


def _shares_a_part(one: Name, other: Name) -> bool:
    """True where one has several words and one of them is the other's: Smith-Jones and Jones."""
    if len(one.words) == len(other.words):
        return False
    words = [{sound_of(word) for word in name.words if len(word) > 2} for name in (one, other)]
    return bool(words[0] & words[1])


def _is_short_for(one: str, other: str) -> bool:
    """True where one begins or ends the other and is two letters shorter or more: Ayo and Ayodele."""
    short, long = sorted((one, other), key=len)
    ends = long.startswith(short) or long.endswith(short)
    return ends and len(short) > 2 and len(long) - len(short) > 1


def _closest(pairs: list[tuple[Name, Name]]) -> Level:
    order = list(Level)
    return min((compare_names(a, b) for a, b in pairs), key=order.index)


def _others(one: Person, other: Person, frequencies: Frequencies, learnt: Weights) -> list[Term]:
    """The terms of birth date, sex, postcode sector and numbers."""
    found: list[tuple[str, str, Level]] = []
    if (one.born or one.expected) and (other.born or other.expected):
        found.append(("birth date", "birth", _births(one, other)))
    for label, part, mine, theirs, how in (
        ("sex", "sex", one.sex, other.sex, _equal),
        ("postcode", "sector", one.sector, other.sector, _sectors),
        ("NHS number", "nhs", one.nhs, other.nhs, _digits),
        ("UPN", "upn", one.upn, other.upn, _digits),
    ):
        if mine and theirs:
            found.append((label, part, how(mine, theirs)))
    return [
        Term(label, level, learnt.bits(part, level.name, _alike(part, level, frequencies)))
        for label, part, level in found
    ]


def _alike(part: str, level: Level, frequencies: Frequencies) -> float | None:
    return frequencies.alike.get(part) if level is Level.SAME else None


def _births(one: Person, other: Person) -> Level:
    if one.born and other.born:
        return compare_dates(one.born, other.born)
    days = [(p.born or p.expected) for p in (one, other)]
    assert days[0], "a date of either kind"
    assert days[1], "a date of either kind"
    return Level.EXPECTED if abs(days[0] - days[1]) <= NEAR_EXPECTED else Level.DIFFERENT


@lru_cache(maxsize=200_000)
def compare_dates(one: date, other: date) -> Level:
    """How two dates agree."""
    if one == other:
        return Level.SAME
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return Level.SWAPPED
    if OSA.distance(f"{one:%Y%m%d}", f"{other:%Y%m%d}") == 1:
        return Level.DIGIT
    parts = (one.year == other.year, one.month == other.month, one.day == other.day)
    return Level.TWO_PARTS if sum(parts) == 2 else Level.DIFFERENT


def _equal(one: str, other: str) -> Level:
    return Level.SAME if one == other else Level.DIFFERENT


def _digits(one: str, other: str) -> Level:
    if one == other:
        return Level.SAME
    return Level.DIGIT if OSA.distance(one, other) == 1 else Level.DIFFERENT


def _sectors(one: str, other: str) -> Level:
    if one == other:
        return Level.SAME
    return Level.DISTRICT if one.split(" ")[0] == other.split(" ")[0] else Level.DIFFERENT


def _both_are_names(one: Name | None, other: Name | None, frequencies: Frequencies) -> bool:
    """True where each is a name that several here have, as Layla and Kayla, and so no slip of the pen."""
    return all(
        name is not None and frequencies.is_name("given", name.form) for name in (one, other)
    )


def _holds(terms: Iterable[Term], verified: bool, rhyme: bool) -> tuple[str, ...]:
    """What keeps two who agree otherwise from being called one without a steward."""
    level = {term.field: term.level for term in terms}
    given, nhs, birth = level.get("given name"), level.get("NHS number"), level.get("birth date")
    numbered = Level.SAME in (nhs, level.get("UPN"))
    other_number = verified and nhs not in (None, Level.SAME)
    checks: tuple[tuple[str, bool], ...] = (
        (TWO_NUMBERS_TWO_NAMES, other_number and given in (Level.DIFFERENT, Level.ALIKE)),
        (TWINS, given in (Level.DIFFERENT, Level.ALIKE, Level.PARTLY)),
        (RHYME, rhyme and given in (Level.SOUND, Level.SPELT) and not numbered),
        (BOY_AND_GIRL, level.get("sex") is Level.DIFFERENT and given is not Level.SAME),
        (NUMBERS, other_number),
        (BORN_APART, birth is Level.DIFFERENT and not (numbered and _same_names(level))),
        (BORN_NEAR, birth in _NEARLY and level.get("postcode") not in _HOME and not numbered),
        (ONLY_GIVEN, _only_given(level) and not numbered),
        (NO_GIVEN, given is None and not numbered),
        (TOO_FEW, sum(_agrees(level.get(name)) for name in _MAIN) < 3 and not numbered),
    )
    return tuple(sentence for sentence, holds in checks if holds)


def _only_given(level: Mapping[str, Level]) -> bool:
    born = level.get("birth date", Level.DIFFERENT)
    return level.get("family name") is Level.DIFFERENT and born is not Level.SAME


def _agrees(level: Level | None) -> bool:
    return level not in (None, Level.DIFFERENT)


def _same_names(level: Mapping[str, Level]) -> bool:
    """True where both names agree, so that the birth date of one must be wrong."""
    agree = (Level.SAME, Level.FORMER, Level.FORM, Level.SOUND, Level.SPELT)
    return level.get("given name") in agree and level.get("family name") in agree


def _sum(terms: Iterable[Term]) -> float:
    return sum(term.bits for term in terms)
