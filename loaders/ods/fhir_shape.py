"""Organisations as the ODS FHIR services give them: R4 (NHS England) and the older STU3 (ODSAPI)."""

from collections.abc import Iterable
from itertools import chain
from typing import Any

from loaders.fhir import Resource
from loaders.fhir.values import day, every, extensions, text
from loaders.ods.rows import Organisation, Style

SYSTEM = "ods-organization-code"
_VALUES = ("valueCoding", "valueCodeableConcept", "valueString", "valueBoolean", "valuePeriod")
KEPT = {
    "Bundle": ("entry",),
    "entry": ("fullUrl", "resource"),
    "resource": ("Organization", "Bundle"),
    "Organization": ("id", "extension", "identifier", "active", "name", "telecom"),
    "identifier": ("system", "value"),
    "telecom": ("system", "value", "use"),
    "extension": ("url", "extension", *_VALUES),
    "valuePeriod": ("start", "end", "extension"),
    "valueCodeableConcept": ("coding",),
    "valueCoding": ("code",),
    "coding": ("code",),
}
STYLE = Style(
    {
        "code": "identifier",
        "name": "name",
        "opened": "extension period.start",
        "closed": "extension period.end",
        "phone": "telecom",
    },
    day,
)
_Days = tuple[str, str, str]


def organisation(one: Resource) -> Organisation:
    """Read an Organization; return what it says."""
    roles = extensions(one.data, *_ROLE)
    in_force = [role for role in roles if not _is_over(role)]
    opened, closed = _period(one.data)
    return Organisation(
        file=one.file,
        line=one.line,
        said={
            "code": _code(one.data),
            "name": text(one.data, "name"),
            "opened": opened,
            "closed": closed,
            "phone": _phone(one.data),
        },
        ended=text(one.data, "active") == "false",
        roles=tuple(_role(role) for role in in_force or roles),
    )


_ROLE = ("OrganisationRole", "OrganizationRole")
_PERIOD = ("TypedPeriod", "ActivePeriod")


def _code(data: Any) -> str:
    for one in every(data, "identifier"):
        if text(one, "system").casefold().endswith(SYSTEM):
            return text(one, "value")
    return ""


def _role(extension: Any) -> str:
    """Its code, as RO76; the older service leaves the letters out."""
    said = extensions(extension, "roleCode", "role")
    codes = chain(every(said, "valueCodeableConcept", "coding"), every(said, "valueCoding"))
    code = next((text(one, "code") for one in codes), "")
    return f"RO{code}" if code.isdigit() else code


def _is_over(role: Any) -> bool:
    active = text(extensions(role, "active"), "valueBoolean")
    return active == "false" or text(extensions(role, "status"), "valueString") == "Inactive"


def _period(data: Any) -> tuple[str, str]:
    """From when to when: of the organisation itself, else of all its roles together."""
    if own := _days(extensions(data, *_PERIOD)):
        return _one(own)
    of_roles = [
        _one(days)
        for role in extensions(data, *_ROLE)
        if (days := _days(extensions(role, *_PERIOD)))
    ]
    starts = [start for start, _ in of_roles if start]
    ends = [end for _, end in of_roles]
    return min(starts, default=""), max(ends, default="") if all(ends) else ""


def _days(periods: Iterable[Any]) -> list[_Days]:
    """Kind, start and end of each period: the operational before the legal one."""
    found = [_typed(one) for one in periods]
    return sorted(found, key=lambda days: days[0] != "operational")


def _typed(extension: Any) -> _Days:
    period = next(iter(every(extension, "valuePeriod")), None)
    if period is not None:
        kind = text(extensions(period, "DateType"), "valueString")
    else:
        kind = text(extensions(extension, "dateType"), "valueCoding", "code")
        period = next(iter(every(extensions(extension, "period"), "valuePeriod")), None)
    return kind.casefold(), text(period, "start"), text(period, "end")


def _one(days: list[_Days]) -> tuple[str, str]:
    _, start, end = days[0]
    return start, end


def _phone(data: Any) -> str:
    phones = [one for one in every(data, "telecom") if text(one, "system") in ("phone", "")]
    return text(phones, "value")
