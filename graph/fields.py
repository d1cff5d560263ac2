"""The kinds of value that a field may hold, each with a pattern: there is no free text."""

import re
import unicodedata
from datetime import date
from typing import Annotated, Any

import nhs_number
from dateutil.relativedelta import relativedelta
from pydantic import AfterValidator, Field
from stdnum.gb import upn

_MOST_PAGES = 1_000_000


def _real_day(day: date) -> date:
    if day.year <= 1900:
        raise ValueError("is in 1900 or before, which systems write for an unknown date")
    return day


def _born(day: date) -> date:
    today = date.today()
    if day > today and day > today + relativedelta(months=9):
        raise ValueError("is more than nine months from today")
    return _real_day(day)


def _nhs_number(text: str) -> str:
    number = nhs_number.standardise_format(unicodedata.normalize("NFKC", text))
    if not number or not nhs_number.is_valid(number) or len(set(number)) == 1:
        raise ValueError("is not a valid NHS number (ten digits, the last a check digit)")
    return number


def _page(number: int) -> int:
    """The nearest one that there may be; what is larger than 64 bits no database holds."""
    return min(max(number, 1), _MOST_PAGES)


# A UPN's area is a DfE number. python-stdnum's list of them ends before 2019 and refuses 838, 839 and
# 940 to 943, so the check letter is its own and the area is any (DfE, "Unique pupil numbers", 2019).
def _upn(text: str) -> str:
    number = upn.compact(text)
    if not re.fullmatch(r"[A-Z][0-9]{11}[0-9A-Z]", number) or set(number) & set("IOS"):
        raise ValueError("is not a UPN (a letter, then 12 digits; the last may be a letter)")
    if upn.calc_check_digit(number[1:]) != number[0]:
        raise ValueError("is not a UPN (its check letter does not fit)")
    return number


_NAME = r"^[\p{L}\p{M} '’`.\-]+$"
_LABEL = r"^[\p{L}\p{M}\p{N} '’&().,/+\-]+$"

Day = Annotated[date, AfterValidator(_real_day)]
BirthDate = Annotated[date, AfterValidator(_born)]
NhsNumber = Annotated[str, AfterValidator(_nhs_number)]
PageNumber = Annotated[int, AfterValidator(_page)]
Upn = Annotated[str, AfterValidator(_upn)]


def _text(pattern: str, most: int, sentence: str) -> Any:
    return Field(max_length=most, pattern=pattern, description=sentence)


PersonName = Annotated[
    str, _text(_NAME, 80, "a name: letters, spaces, hyphens and apostrophes, at most 80")
]
Label = Annotated[str, _text(_LABEL, 100, "a short name: letters, digits and '&().,/+-")]
RecordId = Annotated[
    str,
    _text(
        r"^[A-Za-z0-9][A-Za-z0-9._:/@ \-]*$", 64, "an id: letters, digits and ._:/@-, at most 64"
    ),
]
Signature = Annotated[
    str,
    _text(
        r"^[\p{L}\p{M}\p{N} '’&().,/+_\-]+$", 100, "a short name: letters, digits and '&().,/+_-"
    ),
]
RegisterCode = Annotated[
    str,
    _text(
        r"^(urn:[A-Z0-9]{5,8}|ods:[A-Z0-9]{3,10})$",
        14,
        "a number in a public register, as urn:107130 or ods:RR8",
    ),
]
AuthorityNumber = Annotated[str, _text(r"^[0-9]{3}$", 3, "a DfE number of three digits, as 383")]
Telephone = Annotated[
    str, _text(r"^(0|\+44 ?)[0-9](?: ?[0-9]){8,9}$", 20, "a UK telephone number, as 0113 496 0000")
]
WorkEmail = Annotated[
    str, _text(r"^[^@\s<>\"]+@[^@\s<>\"]+\.[a-z]+$", 100, "a work e-mail address")
]
Postcode = Annotated[
    str,
    _text(r"^(?i)[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}$", 8, "a postcode, as LS1 4AP"),
    AfterValidator(str.upper),
]
PostcodeSector = Annotated[
    str,
    _text(
        r"^(?i)[A-Z]{1,2}[0-9][A-Z0-9]?( [0-9]| ?[0-9][A-Z]{2})$",
        8,
        "a postcode, or its sector with a space, as LS1 4",
    ),
    AfterValidator(str.upper),
]
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)"
_SPAN = r"(Mo|Tu|We|Th|Fr|Sa|Su)(-(Mo|Tu|We|Th|Fr|Sa|Su))? " + _CLOCK
Hours = Annotated[
    str, _text(rf"^(24/7|{_SPAN}(; {_SPAN})*)$", 120, "hours, as Mo-Fr 09:00-17:00; Sa 10:00-12:00")
]
SourceId = Annotated[
    str, _text(r"^[a-z0-9][a-z0-9-]{1,47}$", 48, "a source id: small letters, digits and hyphens")
]
