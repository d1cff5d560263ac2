"""What keeps two from being called one child without a steward, however probable it is."""

from collections.abc import Mapping

from graph.comparing import Level

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
_MAIN = ("family name", "given name", "birth date", "postcode")


def holds_of(level: Mapping[str, Level], verified: bool, rhyme: bool) -> tuple[str, ...]:
    """What keeps two who agree otherwise from being called one without a steward.

    level: of each field that both say; verified: both have an NHS number whose check digit fits; rhyme:
    both given names are names that several people have. Return sentences for the steward.
    """
    given, nhs, birth = level.get("given name"), level.get("NHS number"), level.get("birth date")
    numbered = nhs is Level.SAME or level.get("UPN") in (Level.SAME, Level.FORMER)
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
