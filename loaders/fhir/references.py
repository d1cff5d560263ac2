"""References between FHIR resources, softly resolved: what points nowhere is an orphan."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from loaders.fhir import Resource
from loaders.fhir.values import every, tail, text

K = TypeVar("K")


@dataclass
class Index:
    """Finds the resource to which a reference points, whatever the case and spelling of its type."""

    _by_url: dict[tuple[str, str], Resource | None] = field(default_factory=dict)
    _by_id: dict[tuple[str, str, str], Resource | None] = field(default_factory=dict)

    @classmethod
    def of(cls, found: Iterable[Resource]) -> "Index":
        """Make the index of some resources; of two that differ and have one name, none is found."""
        made = cls()
        for one in found:
            if one.url:
                _put(made._by_url, (one.bundle, one.url.casefold()), one)
            if name := text(one.data, "id").casefold():
                _put(made._by_id, (one.bundle, one.kind, name), one)
        return made

    def find(self, kind: str, reference: str, source: Resource) -> Resource | None:
        """Look among what `source` contains, and in its bundle; of what is loose, among the loose.

        kind: of the resource wanted. Return it; None for an orphan.
        """
        plain = _plain(reference)
        if plain.startswith("#"):
            return _contained(kind, plain[1:], source)
        whole = _beside(source.url, plain)
        for url in (plain, whole):
            found = self._by_url.get((source.bundle, url))
            if found and found.kind == kind:
                return found
        found = self._by_id.get((source.bundle, kind, tail(plain)))
        return found if found and _may_be(found.url, whole) else None


def _put(held: dict[K, Resource | None], name: K, one: Resource) -> None:
    if name in held and not _same(held[name], one):
        held[name] = None
    else:
        held.setdefault(name, one)


def _same(one: Resource | None, other: Resource) -> bool:
    """True where two may be one resource, sent twice: of one patient and one name."""
    return one is not None and one.kind == other.kind and _whose(one) == _whose(other)


def _whose(one: Resource) -> tuple[object, ...]:
    numbers = _numbers(one.data)
    if one.kind == "Patient":
        return (numbers,) if numbers else (one.data.get("name"), text(one.data, "birthDate"))
    subjects = {text(who, "reference").casefold() for who in every(one.data, "subject")}
    said = _numbers(every(one.data, "subject"))
    return numbers, subjects, said, text(one.data, "name").casefold()


def _numbers(data: Any) -> set[tuple[str, str]]:
    """The numbers by which something is known, each with who gives it: another's 1 is another's."""
    held = every(data, "identifier")
    return {(text(one, "system").casefold(), said) for one in held if (said := text(one, "value"))}


def _plain(address: str) -> str:
    """An address without its version, in small letters."""
    return re.sub(r"/_history/.*", "", address).casefold()


def _may_be(url: str, wanted: str) -> bool:
    """False where two addresses name two servers, where one id is that of two resources."""
    one, other = (_base(_plain(said)) for said in (url, wanted))
    return not one or not other or one == other


def _base(url: str) -> str:
    """What stands before kind and id, whether the server is asked in secret or not; empty for none."""
    how, _, rest = url.partition("://")
    return rest.rsplit("/", 2)[0] if how in ("http", "https") else ""


def _beside(url: str, reference: str) -> str:
    """A relative reference in full: what `url`, of kind and id, stands beside."""
    if reference.count("/") != 1:
        return reference
    base, _, _ = url.casefold().rpartition("/")
    return f"{base.rpartition('/')[0]}/{reference}"


def _contained(kind: str, name: str, source: Resource) -> Resource | None:
    found = [
        Resource(kind, one, source.file, source.line, source.bundle)
        for one in every(source.data, "contained")
        if text(one, "resourceType") == kind and text(one, "id").casefold() == name
    ]
    return found[0] if found and all(_same(found[0], one) for one in found) else None
