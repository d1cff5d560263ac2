"""What a cell says, whatever Excel and the case system made of it.

Every reader takes the raw value, returns None where the cell says nothing, and raises ValueError
with a sentence that holds nothing of the cell.
"""

import re
import unicodedata
from datetime import date, time, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any

from pydantic import TypeAdapter, ValidationError

from graph import Label, PersonName, RecordId, Sex

_NOTHING = {
    "", "-", "--", "-1", "n/a", "na", "nan", "nil", "none", "null", "tbc", "unknown", "x", "z",
    "not allocated", "not assigned", "not known", "not recorded", "unallocated", "unassigned",
    "unspecified", "#n/a", "#ref!",
}  # fmt: skip
# Of those, the ones that somebody may be called: a name where they are written as one.
_CALLED = {"Na", "Nan", "Nil"}
_NOT_A_PERSON = re.compile(r"\b(team|duty|unallocated|unassigned|awaiting|vacant|vacancy)\b", re.I)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_MOST_NAME = 100
_NAME = TypeAdapter(PersonName)
_LABEL = TypeAdapter(Label)
_ID = TypeAdapter(RecordId)


def words(value: Any) -> str:
    """A cell as text, with single spaces (a no-break space is one) and nothing around it."""
    text = str("" if value is None else value)
    # Most text is ASCII, in which nothing is invisible, and to look for it takes longer than all the rest.
    return " ".join((text if text.isascii() else text.translate(_INVISIBLE)).split())


def said(value: Any) -> str | None:
    """A cell as text; None for the many ways in which systems write that they do not know."""
    text = words(value)
    return None if text.casefold() in _NOTHING else text


def part_of_name(value: Any) -> str | None:
    """The same of a child's name: Nan and Nil are names, nan and NIL say that it is not known."""
    text = words(value)
    return text if text in _CALLED else said(text)


def _named(value: Any) -> str | None:
    text = said(value)
    return None if text is None or text.startswith("#") else text


def record_id(cell: str) -> str:
    """Hold a cell to the shape of an id.

    Return it. Raise ValueError with a sentence that holds nothing of it.
    """
    try:
        return _ID.validate_python(cell)
    except ValidationError:
        raise ValueError(f"is not {_ID.json_schema()['description']}") from None


def identifier(value: Any) -> str | None:
    """An id; a number becomes its digits, without ".0"."""
    if isinstance(value, (bool, date, time, timedelta)):
        raise ValueError("is not an id: the cell holds a date or a yes/no")
    if isinstance(value, (int, float)) and abs(value) >= 10**15:
        raise ValueError("is a number of more digits than Excel keeps: send it as text")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = said(value)
    return record_id(re.sub(r"^(\d+)\.0+$", r"\1", text)) if text else None


def count(value: Any) -> int | None:
    """A small whole number."""
    text = said(value)
    if text is not None and not re.fullmatch(r"[1-9][0-9]{0,3}(\.0)?", text):
        raise ValueError("is not a small whole number")
    return int(float(text)) if text else None


@lru_cache(maxsize=1_000, typed=True)
def code(value: Any) -> str | None:
    """A code in capitals, without the ".0" of a spreadsheet."""
    text = said(value)
    return re.sub(r"\.0+$", "", text).upper() if text else None


_CODE = re.compile(r"^[a-d]\) *", re.I)
_SEXES = {"male": Sex.MALE, "m": Sex.MALE, "1": Sex.MALE, "1 - male": Sex.MALE}
_SEXES |= {"female": Sex.FEMALE, "f": Sex.FEMALE, "2": Sex.FEMALE, "2 - female": Sex.FEMALE}


def sex(value: Any) -> Sex:
    """M or F where the cell says so plainly, else U."""
    return _SEXES.get(_CODE.sub("", code(value) or "").casefold(), Sex.UNKNOWN)


_YES_NO = {"yes": True, "y": True, "1": True, "true": True}
_YES_NO |= {"no": False, "n": False, "0": False, "false": False}


def yes(value: Any) -> bool | None:
    """Yes or no, with or without its code."""
    text = said(value)
    if text is None:
        return None
    answer = _YES_NO.get(_CODE.sub("", text).casefold())
    if answer is None:
        raise ValueError("is neither yes nor no")
    return answer


def label(value: Any) -> str | None:
    """The name of a team; signs that a name may not hold become spaces."""
    text = _named(value)
    if text is None:
        return None
    text = text.replace("\u2013", "-").replace("\u2014", "-")
    return _held(_LABEL, words(re.sub(r"[^\w '’&().,/+\-]|_", " ", text)))


def name(value: Any) -> tuple[str | None, bool]:
    """The name of a service as a label, and whether it was cut, between words, for its length."""
    whole = words(unicodedata.normalize("NFC", words(value)))
    if len(whole) <= _MOST_NAME:
        return label(whole), False
    return label(whole[: _MOST_NAME + 1].rpartition(" ")[0] or whole[:_MOST_NAME]), True


def person(value: Any) -> str | None:
    """A worker's name; "Yusuf, Amina (agency)" becomes "Amina Yusuf", a team's name nothing."""
    text = _named(value)
    if text is None or _NOT_A_PERSON.search(text):
        return None
    text = words(unbracketed(text))
    return _held(_NAME, re.sub(r"^([^,]+), *([^,]+)$", r"\2 \1", text))


def unbracketed(text: str) -> str:
    """A text with a space for each pair of brackets and what is in it; one that is not closed stays."""
    closed, last, rest = text.rpartition(")")
    # Where no bracket closes any more, each one would be tried to the end of the text.
    return re.sub(r"\([^)]*\)", " ", closed + last) + rest


def _held(kind: TypeAdapter[str], text: str) -> str:
    try:
        return kind.validate_python(text)
    except ValidationError:
        raise ValueError(f"is not {kind.json_schema()['description']}") from None


@lru_cache(maxsize=10_000)
def slug(name: str) -> str:
    """Make an id of a name, the same for spellings that differ in case, accents or signs only.

    Return small letters, digits and hyphens, at most 48; what cannot be said so ends in a digest.
    """
    flat = unicodedata.normalize("NFKD", re.sub(r"['’`]", "", name).casefold())
    flat = "".join(sign for sign in flat if not unicodedata.combining(sign))
    text = re.sub(r"[^a-z0-9]+", "-", flat).strip("-")
    if len(text) <= 48 and flat.isascii() and text:
        return text
    return f"{text[:39]}-{sha256(flat.encode()).hexdigest()[:8]}".lstrip("-")
