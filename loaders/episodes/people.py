"""Children of a file of episodes: who the source says they are, and no more."""

from typing import Any

from graph import ChildRow, Identity
from loaders import cells
from loaders.episodes.node import (
    Named,
    Node,
    day,
    many,
    named,
    objects,
    only_objects,
    own,
    text,
    texts,
)
from loaders.episodes.words import OWN

_OLD = {"old", "maiden"}
_IDENTITY = {
    "nhs_number": "identifier",
    "upn": "identifier",
    "former_upns": "identifier",
    "family_name": "name",
    "given_name": "name",
    "former_names": "name",
    "birth_date": "dateOfBirth",
    "expected_date": f"{OWN}expectedDate",
    "postcode": "address",
}


def child_of(node: Node, record: str | None, in_care: bool) -> ChildRow | None:
    """Read who a person is.

    record: the person's; None where it cannot be read. in_care: then no postcode is read, since it may
    be that of a placement.
    Return the row; None where something is wrong, which the node then says.
    """
    identity = node.build(Identity, _identity(node, in_care), _IDENTITY, ())
    if identity is None or record is None or node.wrong:
        return None
    return ChildRow(
        record=record,
        identity=identity,
        shielded=hides(node),
        file=node.file,
        line=node.line,
    )


def nameless(one: Named, file: str, line: int) -> ChildRow | None:
    """A child whom an episode names by a number of the nation, and of whom the file says no more.

    Return the row; None where that is no such number.
    """
    field = {"nhs-number": "nhs_number", "upn": "upn"}.get(one.nation)
    node = Node(file, line, {})
    identity = node.build(Identity, {field: one.value}, {}, ()) if field else None
    return identity and ChildRow(record=one.value, identity=identity, file=file, line=line)


def hides(node: Node) -> bool:
    """True where a source marks a child as shielded: anything but false counts."""
    return own(node.says, "shielded") not in (None, False)


def _identity(node: Node, in_care: bool) -> dict[str, Any]:
    numbers = named(node.says.get("identifier"))
    of = {
        kind: [one.value for one in numbers if one.nation == kind]
        for kind in ("nhs-number", "upn", "former-upn")
    }
    names = node.take("name", _names) or {}
    former = (*names.pop("former_names", ()), *texts(own(node.says, "formerName")))
    return {
        "nhs_number": next(iter(of["nhs-number"]), None),
        "upn": next(iter(of["upn"]), None),
        "former_upns": (*of["former-upn"], *texts(own(node.says, "formerUPN"))),
        **names,
        "former_names": former,
        "birth_date": _born(node),
        "expected_date": text(own(node.says, "expectedDate")),
        "sex": cells.sex(text(node.says.get("sexCode")) or text(node.says.get("genderCode"))),
        "postcode": None if in_care else _postcode(node),
    }


def _names(value: Any) -> dict[str, Any]:
    """The name in use, and the family names of those that are old."""
    names = only_objects(value)
    now = [one for one in names if (text(one.get("use")) or "").casefold() not in _OLD]
    first = next(iter(now), {})
    old = [" ".join(texts(one.get("familyName"))) for one in names if one not in now]
    former = [name for name in old if name]
    return {
        "family_name": " ".join(texts(first.get("familyName"))) or None,
        "given_name": " ".join(texts(first.get("givenName"))) or None,
        "former_names": former,
    }


def _born(node: Node) -> Any:
    """The date of birth, where each part of it is said to be accurate, or nothing is said of that."""
    said = next(iter(many(node.says.get("dateOfBirth"))), None)
    if isinstance(said, dict):
        sure = text(said.get("accuracyIndicator")) in (None, "AAA")
        said = said.get("date")
        if not sure:
            node.note("dateOfBirth", "is not wholly known", spared=True)
            return None
    return node.take("dateOfBirth", lambda _: day(said))


def _postcode(node: Node) -> str | None:
    """Of the address that is said to be a home's."""
    homes = [one for one in objects(node.says.get("address")) if text(one.get("use")) == "home"]
    return next((text(one.get("postcode")) for one in homes), None)
