"""Every upper-tier authority in England, present and ended, by its DfE number.

graph/authorities.csv holds facts published by the DfE and the ONS (Open Government Licence v3) and
spellings from mySociety's uk_local_authority_names_and_codes (CC BY 4.0).
"""

import csv
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
