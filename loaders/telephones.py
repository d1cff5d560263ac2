"""Telephones as registers, directories and case systems write them."""

import re
import unicodedata
from typing import Any

from pydantic import TypeAdapter, ValidationError

from graph import Telephone
from loaders.cells import words

_TELEPHONE = TypeAdapter(Telephone)
_NUMBER = re.compile(r"(?<!\d)(?<!\d )(?:(?:\+|00) ?44|\(?0)[\d ().\-]{8,24}")
_ABROAD = re.compile(r"(?:\+|00) ?44 ?(?:0 ?)?")


def telephone(value: Any) -> str | None:
    """The first UK number of a text, in the national form; brackets and hyphens become spaces.

    A number that lost its first 0 in a spreadsheet has it again.
    """
    text = words(unicodedata.normalize("NFKC", words(value)))
    if re.fullmatch(r"[1-35789](?: ?\d){9}", text, re.ASCII):
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
