"""References between FHIR resources, softly resolved: what points nowhere is an orphan."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

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
        plain = re.sub(r"/_history/.*", "", reference).casefold()
        if plain.startswith("#"):
            return _contained(kind, plain[1:], source)
        for url in (plain, _beside(source.url, plain)):
            found = self._by_url.get((source.bundle, url))
            if found and found.kind == kind:
                return found
        return self._by_id.get((source.bundle, kind, tail(plain)))


def _put(held: dict[K, Resource | None], name: K, one: Resource) -> None:
    if name in held and not _same(held[name], one):
        held[name] = None
    else:
        held.setdefault(name, one)


def _same(one: Resource | None, other: Resource) -> bool:
    """True where two may be one resource, sent twice: of one patient and one name."""
    return one is not None and one.kind == other.kind and _whose(one) == _whose(other)


def _whose(one: Resource) -> tuple[object, ...]:
    numbers = {said for held in every(one.data, "identifier") if (said := text(held, "value"))}
    if one.kind == "Patient":
        return (numbers,) if numbers else (one.data.get("name"), text(one.data, "birthDate"))
    subjects = {text(who, "reference").casefold() for who in every(one.data, "subject")}
    return numbers, subjects, text(one.data, "name").casefold()


def _beside(url: str, reference: str) -> str:
    """A relative reference in full: what `url`, of kind and id, stands beside."""
    if reference.count("/") != 1:
        return reference
    base, _, _ = url.casefold().rpartition("/")
    return f"{base.rpartition('/')[0]}/{reference}"


def _contained(kind: str, name: str, source: Resource) -> Resource | None:
    for one in every(source.data, "contained"):
        if text(one, "resourceType") == kind and text(one, "id").casefold() == name:
            return Resource(kind, one, source.file, source.line, source.bundle)
    return None
