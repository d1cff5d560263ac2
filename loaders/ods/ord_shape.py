"""Organisations as the ORD interface gives them: one, a list, or a page of a search."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from loaders.fhir import Kept, pruned
from loaders.fhir.values import day, every, text
from loaders.json_text import json_parts
from loaders.ods.rows import Organisation, Style, Succession

_LIST = "Organisations"
KEPT = {
    "Organisation": (
        *("Name", "Date", "OrgId", "Status", "Roles", "PrimaryRoleId", "Contacts", "Succs"),
    ),
    "Date": ("Type", "Start", "End"),
    "OrgId": ("extension",),
    "Roles": ("Role",),
    "Role": ("id", "Status"),
    "PrimaryRoleId": ("id",),
    "Contacts": ("Contact",),
    "Contact": ("type", "value"),
    "Succs": ("Succ",),
    "Succ": ("Date", "Type", "Target"),
    "Target": ("OrgId", "PrimaryRoleId"),
}
STYLE = Style(
    {
        "code": "OrgId",
        "name": "Name",
        "opened": "Date.Start",
        "closed": "Date.End",
        "phone": "Contacts.Contact",
        "succession": "Succs.Succ.Date",
    },
    day,
)


def organisations(
    name: str, path: Path, tick: Callable[[int], None] | None = None, kept: Kept = KEPT
) -> Iterator[tuple[Organisation, Any]]:
    """Read the organisations of a file one by one, each with what is kept of it.

    name: as messages say it. kept: what is kept of each.
    Return them. Raise BadInput, with the line, where it is not JSON.
    """
    for count, part in enumerate(json_parts(path, (_LIST,), name, tick), 1):
        wrapped = every(part.value, "Organisation")
        if part.key or wrapped or text(part.value, "Name"):
            data = pruned(wrapped[0] if wrapped else part.value, "Organisation", kept)
            place = f"{name}/entry {count}" if part.key else name
            yield _organisation(place, part.line, data), data


def _organisation(place: str, line: int, data: Any) -> Organisation:
    code = text(data, "OrgId", "extension") or text(data, "OrgId")
    opened, closed = _days(data)
    return Organisation(
        file=place,
        line=line,
        said={
            "code": code,
            "name": text(data, "Name"),
            "opened": opened,
            "closed": closed,
            "phone": _phone(data),
        },
        ended=text(data, "Status").casefold() == "inactive",
        roles=_roles(data),
        successions=tuple(_successions(code.upper(), data)),
    )


def _days(data: Any) -> tuple[str, str]:
    """From when to when: the operational days before the legal ones."""
    found = every(data, "Date")
    found.sort(key=lambda one: text(one, "Type").casefold() != "operational")
    return (text(found[0], "Start"), text(found[0], "End")) if found else ("", "")


def _roles(data: Any) -> tuple[str, ...]:
    roles = every(data, "Roles", "Role")
    in_force = [one for one in roles if text(one, "Status").casefold() != "inactive"]
    return tuple(text(one, "id") for one in in_force or roles) or _role_of(data)


def _role_of(data: Any) -> tuple[str, ...]:
    """The primary role: of a search a text, of a whole organisation an object."""
    role = text(data, "PrimaryRoleId", "id") or text(data, "PrimaryRoleId")
    return (role,) if role else ()


def _phone(data: Any) -> str:
    found = [one for one in every(data, "Contacts", "Contact") if text(one, "type") == "tel"]
    return text(found, "value")


def _successions(code: str, data: Any) -> Iterator[Succession]:
    for one in every(data, "Succs", "Succ"):
        target = next(iter(every(one, "Target")), None)
        other = (text(target, "OrgId", "extension") or text(target, "OrgId")).upper()
        start = next((text(said, "Start") for said in every(one, "Date")), "")
        if text(one, "Type").casefold() == "predecessor":
            yield Succession(other, code, start, _role_of(target))
        else:
            yield Succession(code, other, start, _role_of(target))
