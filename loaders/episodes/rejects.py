"""The rejected objects of a file of episodes, written as JSON to repair and send back."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from graph import Fault
from loaders.episodes.index import Index, node_of, place_of
from loaders.episodes.node import Node, named, objects, text
from loaders.episodes.text import document, items
from loaders.episodes.words import CONTEXT, OWN, RECORD
from loaders.rejects import REASON, private_file, reasons

Spec = Mapping[str, "Spec"]
_LEAF: Spec = {}


def _leaves(*names: str, own: tuple[str, ...] = ()) -> Spec:
    return dict.fromkeys((*names, *(f"{OWN}{name}" for name in own)), _LEAF)


_ID = _leaves("value", "system")
_CONSENT = ("consent", "consentUntil", "consentFor")
_SPAN = ("startDate", "endDate", "endExact")
# What is read of each class, and so what may leave again.
READ: Mapping[str, Spec] = {
    "Organisation": {
        **_leaves("name", "alias", "type"),
        "identifier": _ID,
        "relatedService": _ID,
    },
    "Service": {
        **_leaves("name", "type"),
        **_leaves(
            own=("kind", "agency", "sensitive", "hours", "confirmedOn", "confirmedBy", "code")
        ),
        "identifier": _ID,
        "contact": _leaves("name", "telephone"),
        "relatedOrganisation": _ID,
        f"{OWN}area": _leaves(own=("authority", *_SPAN)),
    },
    "Professional": {
        **_leaves("role", own=("confirmedOn",)),
        "identifier": _ID,
        "name": _leaves("familyName", "givenName"),
        "contact": _leaves("telephone", "email"),
        "relatedService": _ID,
        f"{OWN}post": _leaves(own=("service", *_SPAN)),
    },
    "Person": {
        **_leaves(
            "sexCode", "genderCode", own=("expectedDate", "formerName", "formerUPN", "shielded")
        ),
        "identifier": _ID,
        "name": _leaves("familyName", "givenName", "use"),
        "dateOfBirth": _leaves("date", "accuracyIndicator"),
        "address": _leaves("use", "postcode"),
    },
    "ServiceEpisode": {
        **_leaves("type", own=("kind", *_CONSENT, "involvement", "endExact")),
        "identifier": _ID,
        "subjectPerson": {"person": _ID, **_leaves("involvement")},
        "relatedService": _ID,
        "relatedProfessional": {
            "professional": _ID,
            **_leaves("involvement", own=("identifier", "part", "changeReason", *_SPAN)),
        },
        "timeInformation": _leaves("startDateTime", "endDateTime"),
    },
}
_REFERENCES = {"person": "Person", "professional": "Professional", "relatedService": "Service"}


def private_json(target: Path, path: Path, index: Index, faults: Sequence[Fault]) -> Path:
    """Write the objects that have faults, with a reason each, to a file that only its owner can read.

    target: to write. path: the file that was read, of which `index` is the first walk. faults: its own.
    Return the target. Raise BadInput where it cannot be written.
    """
    with private_file(target) as file:
        for piece in document([CONTEXT], _kept(path, index, reasons(faults))):
            file.write(piece.encode())
    return target


def _kept(path: Path, index: Index, wanted: Mapping[str, dict[int, str]]) -> Iterator[Any]:
    """The rejected objects, and with services the organisations that say where these are."""
    services = any(node.line in wanted.get(node.file, {}) for node in index.services)
    for item in items(path):
        node = node_of(path.name, item)
        why = wanted.get(place_of(path.name, item), {}).get(item.line)
        if why:
            yield {**(_read_of(node, index) if node else {}), REASON: why}
        elif services and node and "Organisation" in node.classes:
            yield _read_of(node, index)


def _read_of(node: Node, index: Index) -> dict[str, Any]:
    """What is read of an object, with references by record, since what they name is not sent again."""
    spec = next((READ[name] for name in READ if name in node.classes), {"identifier": _ID})
    said = _only(node.says, spec)
    if "Person" in node.classes:
        care = any(one in index.care for one in named(node.says.get("identifier")))
        homes = [
            one for one in objects(said.pop("address", None)) if text(one.get("use")) == "home"
        ]
        said |= {"address": homes} if homes and not care else {}
    return _by_record(said, index)


def _only(value: Any, spec: Spec) -> Any:
    if isinstance(value, list):
        return [_only(one, spec) for one in value]
    if isinstance(value, dict):
        return {
            name: _only(one, spec.get(name, _LEAF))
            for name, one in value.items()
            if name in spec or name in ("@type", "@value")
        }
    return value


def _by_record(value: Any, index: Index, of: str = "") -> Any:
    if isinstance(value, list):
        return [_by_record(one, index, of) for one in value]
    if not isinstance(value, dict):
        return value
    found = named(value) if of else []
    if found and index.names[of].describes(found[0]):
        record = index.names[of].find(found[0])
        return {"@type": "Identifier", "value": record, "system": RECORD}
    return {name: _by_record(one, index, _REFERENCES.get(name, "")) for name, one in value.items()}
