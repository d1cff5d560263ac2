"""Rejected resources, written as a Bundle to repair: in the format in which they came."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from loaders.fhir import FHIR, Resource
from loaders.reject_files import comment, private_json, private_text
from loaders.rejects import REASON

MARK = "signpost-rejects"


Group = Sequence[tuple[Resource, str]]
"""Resources of one Bundle, each with why it was rejected; "" for one that only goes along."""


def private_bundle(path: Path, xml: bool, groups: Sequence[Group]) -> Path:
    """Write rejected resources, for their owner only.

    xml: write one Bundle in XML, each reason as a comment; else a Bundle for each group in JSON, one
    after another, each reason under the key "reason".
    Return the path. Raise BadInput where it is there already, or cannot be written.
    """
    if xml:
        return private_text(path, _xml([one for group in groups for one in group]))
    return private_json(path, *map(_bundle, groups))


def _bundle(group: Group) -> dict[str, Any]:
    entries = [
        {"fullUrl": one.url, **({REASON: why} if why else {}), "resource": one.data}
        for one, why in group
    ]
    return {
        "resourceType": "Bundle",
        "meta": {"tag": [{"code": MARK}]},
        "type": "collection",
        "entry": entries,
    }


def _xml(group: Group) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<Bundle xmlns="{FHIR}">'
    yield f'<meta><tag><code value="{MARK}"/></tag></meta>'
    yield '<type value="collection"/>'
    for one, why in group:
        yield "<entry>"
        if why:
            yield comment(why)
        yield from _element("fullUrl", one.url)
        yield from _element("resource", one.data)
        yield "</entry>"
    yield "</Bundle>"


def _element(name: str, value: Any) -> Iterator[str]:
    """A value as FHIR writes it: in an attribute, as an element of its own, or one for each."""
    if isinstance(value, list):
        for one in value:
            yield from _element(name, one)
    elif not isinstance(value, dict):
        yield f"<{name} value={quoteattr(str(value))}/>"
    elif name in ("resource", "contained"):
        kind = str(value["resourceType"])
        yield f"<{name}>"
        yield from _element(kind, {key: one for key, one in value.items() if key != "resourceType"})
        yield f"</{name}>"
    else:
        yield f"<{name} url={quoteattr(value['url'])}>" if "url" in value else f"<{name}>"
        for key, one in value.items():
            if key != "url":
                yield from _element(key, one)
        yield f"</{name}>"
