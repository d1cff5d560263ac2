"""Every upper-tier authority in England, present and ended, by its DfE number.

graph/authorities.csv holds facts published by the DfE and the ONS (Open Government Licence v3) and
spellings from mySociety's uk_local_authority_names_and_codes (CC BY 4.0).
"""

import csv
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from graph.fields import AuthorityNumber
from graph.model import Authority, Model, Period


class GssCode(Model):
    """A code of the Office for National Statistics, which changes when a boundary does."""

    code: str
    period: Period = Period()


class AuthorityRecord(Authority):
    """An authority with its other names, its codes over time and what came after it.

    period: from when to when the number was in use; no `from_` where it was before April 2009.
    """

    gss: tuple[GssCode, ...]
    names: tuple[str, ...]
    period: Period
    succeeded_by: tuple[AuthorityNumber, ...]


@cache
def authorities() -> Mapping[str, AuthorityRecord]:
    """Return every authority by its DfE number, in order of number."""
    with Path(__file__).with_name("authorities.csv").open(encoding="utf-8", newline="") as lines:
        found = [_record(row) for row in csv.DictReader(lines)]
    return MappingProxyType({record.number: record for record in found})


@cache
def _by_word() -> Mapping[str, AuthorityRecord]:
    """Authorities by number, GSS code and every spelling; one that still is before one that ended."""
    found: dict[str, AuthorityRecord] = {}
    for record in sorted(authorities().values(), key=lambda one: not one.period.open):
        words = (record.number, *(code.code for code in record.gss), record.name, *record.names)
        for word in words:
            found.setdefault(_plain(word), record)
    return MappingProxyType(found)


def authority_of(text: str) -> AuthorityRecord | None:
    """Find an authority by DfE number, GSS code or name, as people write it.

    text: as 810, E06000010, Hull, "N Yorkshire" or "Kingston upon Hull, City of". Return it, or None.
    """
    plain = _plain(text)
    return _by_word().get(plain) or _by_word().get(_shorter(plain)) or _of_kind(plain)


def successors_of(number: str) -> tuple[str, ...]:
    """The authority itself and all that came after it, whichever boundary changes lay between."""
    found: dict[str, None] = {}
    waiting = [number]
    while waiting:
        one = waiting.pop(0)
        if one not in found:
            found[one] = None
            record = authorities().get(one)
            waiting += record.succeeded_by if record else ()
    return tuple(found)


@cache
def same_place(one: str, other: str) -> bool:
    """Whether two numbers are one authority, or one came after the other: no boundary lies between."""
    return one in successors_of(other) or other in successors_of(one)


_STYLES = re.compile(
    r"\b(the|london borough of|royal borough of|metropolitan borough( of)?|city of|county of|county|"
    r"city|borough|council|mbc|bc|cc|[bc] c|m b c|b$|lb|rb|unitary authority|local authority|ua|la|"
    r"((children s|childrens) (services|social care)|social (care|services))"
    r"( (emergency |out of hours )?(duty )?team)?)\b"
)
# Styles of one kind of authority alone, by how its GSS code begins: another's district is lower tier.
_KINDS = {
    "E08": re.compile(r"\b(metropolitan|district|mdc|m d c)\b"),
    "E09": re.compile(r"\blondon boro(ugh)?\b"),
}
_WINDS = {"n": "north", "e": "east", "s": "south", "w": "west", "ne": "north east"}


def _plain(text: str) -> str:
    flat = unicodedata.normalize("NFKC", text).casefold().replace("&", " and ")
    return " ".join(re.sub(r"[^a-z0-9]+", " ", flat.replace("saint ", "st ")).split())


def _shorter(plain: str) -> str:
    """Without the style of a council, which some write and some do not."""
    words = _STYLES.sub(" ", plain).split()
    return " ".join(_WINDS.get(word, word) for word in words)


def _of_kind(plain: str) -> AuthorityRecord | None:
    """The authority whose name is written with the style of its kind."""
    for code, style in _KINDS.items():
        record = _by_word().get(_shorter(style.sub(" ", plain)))
        if record and style.search(plain) and record.gss[-1].code.startswith(code):
            return record
    return None


def _record(row: dict[str, str]) -> AuthorityRecord:
    days = {"from": row.pop("from") or None, "to": row.pop("to") or None}
    lists = {field: _list(row.pop(field)) for field in ("gss", "names", "succeeded_by")}
    lists["gss"] = [_gss(text) for text in lists["gss"]]
    return AuthorityRecord.model_validate({**row, **lists, "period": days})


def _list(cell: str) -> list:
    return cell.split(";") if cell else []


def _gss(text: str) -> GssCode:
    """Read "E08000035", or with its days "E08000016:..2025-04-30"."""
    code, _, days = text.partition(":")
    first, _, last = days.partition("..")
    return GssCode.model_validate(
        {"code": code, "period": {"from": first or None, "to": last or None}}
    )
