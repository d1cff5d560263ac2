"""A service of a file of episodes: what it is, how it is reached, and in which areas it works."""

import re
from typing import Any

from graph import Agency, Period, Service, ServiceKind, authority_of
from loaders import cells, services
from loaders.episodes.index import Organisation
from loaders.episodes.node import Named, Node, objects, only_objects, own, span, text, texts
from loaders.episodes.words import OWN, SERVICES
from loaders.telephones import telephone

_NIGHT = re.compile(r"out.of.hours|night|emergency duty|\bedt\b|\booh\b", re.I)
_ODS = re.compile(r"\bods-organi[sz]ation-code$", re.I)
_CONTACTS = ("duty_line", "out_of_hours_line", "hours", "confirmed_on", "confirmed_by", "code")
_PROPERTIES = {
    "id": "identifier",
    "name": "name",
    "agency": f"{OWN}agency",
    "kind": f"{OWN}kind",
    "duty_line": "contact",
    "out_of_hours_line": "contact",
    "hours": f"{OWN}hours",
    "confirmed_on": f"{OWN}confirmedOn",
    "confirmed_by": f"{OWN}confirmedBy",
    "code": f"{OWN}code",
}


def service_of(
    node: Node, local: str | None, found: list[Named], near: list[Organisation]
) -> Service | None:
    """Read a service.

    local: its record id; None where it cannot be read. found: its identifiers. near: its organisations.
    Return it; None where something is wrong, which the node then says.
    """
    return node.build(Service, _said(node, local, found, near), _PROPERTIES, _CONTACTS)


def areas_of(value: Any, near: list[Organisation]) -> dict[str | None, Period]:
    """Where a service works, and when: as a property of our own says, else as its organisations do.

    Return authorities, None for the source's own. Raise ValueError with a sentence where one is unknown.
    """
    told = {text(own(one, "authority")): span(one) for one in only_objects(value)}
    known = {number: authority_of(number or "") for number in told}
    if not all(known.values()):
        raise ValueError("names an authority that is not known")
    found: dict[str | None, Period] = {
        record.number: told[number] for number, record in known.items() if record
    }
    return found or {one.authority: Period() for one in near if one.authority} or {None: Period()}


def _said(
    node: Node, local: str | None, found: list[Named], near: list[Organisation]
) -> dict[str, Any]:
    says = node.says
    name = node.take("name", lambda value: cells.label(text(value)))
    if not name:
        node.wrong.setdefault("name", "is missing")
    agency, kind = _agency(node, near), text(own(says, "kind")) or _kind(node, name)
    ods = next((f"ods:{one.value.upper()}" for one in found if _ODS.search(one.system)), None)
    return {
        "id": local or "-",
        "name": name or "-",
        "kind": kind,
        "agency": agency,
        "sensitive": own(says, "sensitive") is True,
        **_lines(says.get("contact")),
        "hours": text(own(says, "hours")),
        "confirmed_on": text(own(says, "confirmedOn")),
        "confirmed_by": text(own(says, "confirmedBy")),
        "code": text(own(says, "code")) or ods,
    }


def _agency(node: Node, near: list[Organisation]) -> Any:
    said = [SERVICES[one][1] for one in node.codes() if one in SERVICES]
    told = [one.agency for one in near if one.agency]
    return text(own(node.says, "agency")) or next(iter([*said, *told]), Agency.SOCIAL_CARE)


def _kind(node: Node, name: str | None) -> ServiceKind:
    """By its type, else guessed from its name."""
    said = [SERVICES[one][0] for one in node.codes() if one in SERVICES]
    known = [kind for kind in said if kind is not ServiceKind.OTHER]
    return known[0] if known else services.service(name, Agency.SOCIAL_CARE).kind


def _lines(contacts: Any) -> dict[str, str]:
    """The first telephone of each of two kinds: out of hours, by the name of the contact, and duty."""
    found: dict[str, str] = {}
    for one in objects(contacts):
        name = "out_of_hours_line" if _NIGHT.search(text(one.get("name")) or "") else "duty_line"
        for number in texts(one.get("telephone")):
            found.setdefault(name, telephone(number) or number)
    return found
