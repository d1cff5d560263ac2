"""A professional of a file of episodes: who they are at work, and nothing else of them."""

from collections.abc import Mapping
from typing import Any

from graph import Practitioner, Profession
from loaders import cells
from loaders.episodes.node import REGISTER, Named, Node, objects, own, text, texts
from loaders.episodes.words import OWN
from loaders.telephones import telephone

_PROPERTIES = {
    "id": "identifier",
    "registration": "identifier",
    "name": "name",
    "work_phone": "contact",
    "work_email": "contact",
    "confirmed_on": f"{OWN}confirmedOn",
}


def worker_of(node: Node, local: str | None, found: list[Named]) -> Practitioner | None:
    """Read a practitioner.

    local: their record id; None where it cannot be read. found: their identifiers.
    Return them; None where something is wrong, which the node then says.
    """
    spared = ("work_phone", "work_email", "confirmed_on")
    return node.build(Practitioner, _said(node, local, found), _PROPERTIES, spared)


def _said(node: Node, local: str | None, found: list[Named]) -> dict[str, Any]:
    name = node.take("name", _name)
    if not name:
        node.wrong.setdefault("name", "is missing, or is that of a team")
    contact: Mapping[str, Any] = next(iter(objects(node.says.get("contact"))), {})
    register = [one.value for one in found if REGISTER.search(one.system)]
    number = text(contact.get("telephone"))
    roles = " ".join(texts(node.says.get("role"))).casefold()
    professions = [one for one in Profession if one.value in roles and one is not Profession.OTHER]
    return {
        "id": local or "-",
        "name": name or "-",
        "profession": next(iter(professions), Profession.OTHER),
        "registration": register[0] if register else None,
        "work_phone": telephone(number) or number,
        "work_email": text(contact.get("email")),
        "confirmed_on": text(own(node.says, "confirmedOn")),
    }


def _name(value: Any) -> str | None:
    for one in objects(value):
        parts = [*texts(one.get("givenName")), *texts(one.get("familyName"))]
        return cells.person(" ".join(parts))
    return None
