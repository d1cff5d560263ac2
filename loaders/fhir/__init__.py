"""FHIR resources out of JSON or XML files.

Our own reader and not fhir.resources: of a resource we want a handful of fields, in bounded memory and
with its line, and drop the rest unread; a resource that does not validate may still say what we want.
"""

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from graph import BadInput
from loaders.batches import files_in
from loaders.fhir.values import every, text
from loaders.json_text import json_parts
from loaders.xml_text import Element, elements, opening

FHIR = "http://hl7.org/fhir"
SUFFIXES = (".json", ".ndjson", ".xml")
LOOSE = ""
_MOST_NESTED = 20
_MOST_BUNDLES = 5
_OF_BUNDLE = ("meta", "link", "timestamp")
_BEGINNING = 65_536

Kept = Mapping[str, Container[str]]
"""For each name, of a resource or of a field, which fields inside it are kept."""


@dataclass(frozen=True)
class Resource:
    """A resource: what is kept of it, and where it stands.

    bundle: which one of the file it is in, LOOSE outside of any; url: its full one there.
    reason: why it was rejected, where this is a file of rejects.
    """

    kind: str
    data: Mapping[str, Any]
    file: str
    line: int
    bundle: str = LOOSE
    url: str = ""
    reason: str = ""


@dataclass(frozen=True)
class FhirFile:
    """One file: the name that messages say, and whether it is written in XML."""

    name: str
    path: Path
    xml: bool

    @property
    def size(self) -> int:
        """Its bytes."""
        return self.path.stat().st_size


def first_sign(path: Path) -> str:
    """The first sign of a file's text, as < or {; empty where there is none or it is binary."""
    return beginning(path, 1_024)[:1]


def beginning(path: Path, most: int = _BEGINNING) -> str:
    """The text with which a file begins, in whatever Unicode; empty where it cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(most)
    except OSError:
        return ""
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    return data.decode("utf-16" if wide else "utf-8-sig", errors="ignore").lstrip()


def fhir_files(path: Path) -> list[FhirFile]:
    """The file, or the files of a folder that end in .json, .ndjson or .xml, in order of their names.

    Return them. Raise BadInput where there is none.
    """
    if path.is_dir():
        found = files_in(path, *SUFFIXES)
    elif path.exists():
        found = [(path.name, path)]
    else:
        raise BadInput(f"{path.name} is not there")
    return [FhirFile(name, one, first_sign(one) == "<") for name, one in found]


def resources(
    file: FhirFile, kept: Kept, tick: Callable[[int], None] | None = None
) -> Iterator[Resource]:
    """Read the resources of a file one by one, those of a Bundle before the Bundle itself.

    kept: what is kept of each; nothing of a resource that it does not name. tick: called now and then
    with the bytes that are read.
    Return them in order. Raise BadInput, with the line, where it is not JSON or XML, or not FHIR.
    """
    return _from_xml(file, kept, tick) if file.xml else _from_json(file, kept, tick)


def _from_json(
    file: FhirFile, kept: Kept, tick: Callable[[int], None] | None
) -> Iterator[Resource]:
    count, listed = 0, 0
    for part in json_parts(file.path, ("entry",), file.name, tick):
        # Of several Bundles in one list each is one of its own.
        listed += part.key == "[]"
        which = f"{part.document}.{listed}" if part.key == "[]" else part.document
        at = Resource("", {}, file.name, part.line, f"{file.name}#{which}")
        if part.key == "entry":
            count += 1
            yield from _entry(at, kept, part.value, count)
        elif part.value == []:
            continue
        elif not text(part.value, "resourceType"):
            raise BadInput(f"{file.name}, line {part.line}: is not FHIR: it names no resourceType")
        else:
            yield from _opened(at, kept, part.value)


def _from_xml(file: FhirFile, kept: Kept, tick: Callable[[int], None] | None) -> Iterator[Resource]:
    root = opening(file.path).root
    if FHIR not in root.attributes.values():
        raise BadInput(f"{file.name} is not FHIR: its root element is not of {FHIR}")
    at = Resource("", {}, file.name, root.line, f"{file.name}#0")
    if root.name != "Bundle":
        for one in elements(file.path, (root.name,), kept, tick=tick):
            yield from _opened(at, kept, _plain(one))
        return
    rest, count = Element("Bundle", root.line, {}), 0
    for one in elements(file.path, ("entry", *_OF_BUNDLE), kept, tick=tick):
        if one.name == "entry":
            count += 1
            yield from _entry(replace(at, line=one.line), kept, _plain(one), count)
        else:
            rest.children.append(one)
    yield from _opened(at, kept, _plain(rest))


def _entry(at: Resource, kept: Kept, entry: Any, count: int, depth: int = 0) -> Iterator[Resource]:
    """What stands in an entry of the Bundle at `at`."""
    place = replace(
        at,
        file=f"{at.file}/entry {count}",
        url=text(entry, "fullUrl"),
        reason=text(entry, "reason"),
    )
    for data in every(entry, "resource"):
        yield from _opened(place, kept, data, depth + 1)


def _opened(at: Resource, kept: Kept, data: Any, depth: int = 0) -> Iterator[Resource]:
    """A resource, after those inside it where it is a Bundle; outside of any, it is loose."""
    data = data if isinstance(data, dict) else {}
    kind = text(data, "resourceType")
    if kind == "Bundle" and depth:
        at = replace(at, bundle=f"{at.bundle}/{at.file}")
    if kind == "Bundle" and depth < _MOST_BUNDLES:
        for count, entry in enumerate(every(data, "entry"), 1):
            yield from _entry(at, kept, entry, count, depth)
    bundle = at.bundle if depth or kind == "Bundle" else LOOSE
    yield replace(at, kind=kind, data=pruned(data, kind, kept), bundle=bundle)


def pruned(value: Any, name: str, kept: Kept, depth: int = 0) -> Any:
    """Take of a value, which stands under that name, only what is kept.

    depth: how deep it is; what is deeper than any resource is not kept. Return what is left.
    """
    if not isinstance(value, (list, dict)):
        return value
    if depth > _MOST_NESTED:
        return {}
    if isinstance(value, list):
        return [pruned(one, name, kept, depth + 1) for one in value]
    kind = value.get("resourceType")
    names = kept.get(kind if isinstance(kind, str) else name, ())
    held = ((key, one) for key, one in value.items() if key == "resourceType" or key in names)
    return {key: pruned(one, key, kept, depth + 1) for key, one in held}


def _plain(element: Element) -> Any:
    """An element as JSON would say it: one child of a name stands alone, several in a list."""
    if "value" in element.attributes:
        return element.attributes["value"]
    found: dict[str, Any] = {}
    if element.name[:1].isupper():
        found["resourceType"] = element.name
    if "url" in element.attributes:
        found["url"] = element.attributes["url"]
    for child in element.children:
        holder = child.name in ("resource", "contained")
        said = [_plain(one) for one in child.children] if holder else [_plain(child)]
        for one in said:
            _add(found, child.name, one)
    return found


def _add(found: dict[str, Any], name: str, value: Any) -> None:
    if name not in found:
        found[name] = value
    elif isinstance(found[name], list):
        found[name].append(value)
    else:
        found[name] = [found[name], value]
