"""How two descriptions agree, field by field, in levels that have words. Pure functions."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

import nhs_number
from rapidfuzz.distance import OSA, JaroWinkler

from graph.model import Identity, Sex
from graph.naming import Name, name_of, sound_of

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


_PLACES = {level: place for place, level in enumerate(Level)}


@dataclass(frozen=True, slots=True, repr=False)
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
    former_upns: tuple[str, ...] = ()


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
        former_upns=identity.former_upns,
    )


def sector_of(postcode: str) -> str:
    """The sector of a postcode or of a sector, as LS1 4 of LS1 4AP."""
    plain = re.sub(r"[A-Z]{2}$", "", postcode.replace(" ", "").upper())
    return f"{plain[:-1]} {plain[-1]}"


@lru_cache(maxsize=20_000)
def is_number(number: str | None) -> bool:
    """True for an NHS number whose check digit fits, so that it was not mistyped."""
    return bool(number) and len(number or "") == 10 and nhs_number.is_valid(number)


@lru_cache(maxsize=10_000)
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


def closest(pairs: list[tuple[Name, Name]]) -> Level:
    """The best level of several pairs of names."""
    return min((compare_names(a, b) for a, b in pairs), key=_PLACES.__getitem__)


def compare_births(one: Person, other: Person) -> Level:
    """How two births agree, of which either may still be expected; both must have a date."""
    if one.born and other.born:
        return compare_dates(one.born, other.born)
    days = [(p.born or p.expected) for p in (one, other)]
    assert days[0], "a date of either kind"
    assert days[1], "a date of either kind"
    return Level.EXPECTED if abs(days[0] - days[1]) <= NEAR_EXPECTED else Level.DIFFERENT


def compare_dates(one: date, other: date) -> Level:
    """How two dates agree."""
    if one == other:
        return Level.SAME
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return Level.SWAPPED
    if OSA.distance(_digits(one), _digits(other)) == 1:
        return Level.DIGIT
    parts = (one.year == other.year, one.month == other.month, one.day == other.day)
    return Level.TWO_PARTS if sum(parts) == 2 else Level.DIFFERENT


def _digits(day: date) -> str:
    return day.isoformat().replace("-", "")


def compare_equal(one: str, other: str) -> Level:
    """How two values agree that are the same or not."""
    return Level.SAME if one == other else Level.DIFFERENT


def compare_digits(one: str, other: str) -> Level:
    """How two numbers agree; one digit apart they may be one that was mistyped."""
    if one == other:
        return Level.SAME
    return Level.DIGIT if OSA.distance(one, other) == 1 else Level.DIFFERENT


def compare_upns(one: Person, other: Person) -> Level | None:
    """How two pupil numbers agree, former ones too; None where one side has none."""
    ones, others = {one.upn, *one.former_upns} - {None}, {other.upn, *other.former_upns} - {None}
    if not ones or not others:
        return None
    if ones & others and one.upn != other.upn:
        return Level.FORMER
    return compare_digits(one.upn, other.upn) if one.upn and other.upn else Level.DIFFERENT


def compare_sectors(one: str, other: str) -> Level:
    """How two postcode sectors agree."""
    if one == other:
        return Level.SAME
    return Level.DISTRICT if one.split(" ")[0] == other.split(" ")[0] else Level.DIFFERENT
