"""What a cell of a public register of services says: names, telephones and days.

Every reader returns None where the cell says nothing, and raises ValueError with a sentence that holds
nothing of the cell.
"""

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from graph import Telephone
from loaders.cells import label, said, words

MOST_NAME = 100
_TELEPHONE = TypeAdapter(Telephone)
_NUMBER = re.compile(r"(?<!\d)(?<!\d )(?:(?:\+|00) ?44|\(?0)[\d ().\-]{8,24}")
_ABROAD = re.compile(r"(?:\+|00) ?44 ?(?:0 ?)?")
_DAY = re.compile(r"(\d\d)([-/])(\d\d)\2(\d{4})", re.ASCII)


def name(text: str) -> tuple[str | None, bool]:
    """The name of a service as a label; one that is too long is cut between words.

    Return it, and whether it was cut.
    """
    whole = words(unicodedata.normalize("NFC", text))
    if len(whole) <= MOST_NAME:
        return label(whole), False
    return label(whole[: MOST_NAME + 1].rpartition(" ")[0] or whole[:MOST_NAME]), True


def telephone(value: Any) -> str | None:
    """The first UK number of a text, in the national form; brackets and hyphens become spaces.

    A number that lost its first 0 in a spreadsheet has it again.
    """
    text = words(unicodedata.normalize("NFKC", words(value)))
    if re.fullmatch(r"[1-35789]\d{9}", text, re.ASCII):
        text = f"0{text}"
    found = (_held(match.group()) for match in _NUMBER.finditer(text))
    return next((number for number in found if number), None)


def _held(text: str) -> str | None:
    number = " ".join(re.sub(r"[().\-]", " ", text).split())
    number = _ABROAD.sub("0", number, count=1)
    while number:
        if re.match(r"0[1-35789]", number) and _fits(number):
            return number
        number = number.rpartition(" ")[0]
    return None


def _fits(number: str) -> bool:
    try:
        _TELEPHONE.validate_python(number)
    except ValidationError:
        return False
    return True


@lru_cache(maxsize=50_000)
def day(cell: str) -> date | None:
    """A day as the register writes it, 04-03-2026 or 04/03/2026.

    None also for a day in 1900 or before: a school as old as that is open since anyone knows.
    """
    text = said(cell)
    found = text and _DAY.fullmatch(text)
    if text and not found:
        raise ValueError("is not a date, as 04-03-2026")
    if not found:
        return None
    try:
        read = date(int(found[4]), int(found[3]), int(found[1]))
    except ValueError:
        raise ValueError("is not a date, as 04-03-2026") from None
    return read if read.year > 1900 else None
