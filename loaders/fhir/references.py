"""References between FHIR resources, softly resolved: what points nowhere is an orphan."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from loaders.fhir import Resource
from loaders.fhir.values import every, tail, text


@dataclass
class Index:
    """Finds the resource to which a reference points, whatever the case and spelling of its type."""

    _by_url: dict[tuple[str, str], Resource] = field(default_factory=dict)
    _by_id: dict[tuple[str, str, str], Resource] = field(default_factory=dict)

    @classmethod
    def of(cls, found: Iterable[Resource]) -> "Index":
        """Make the index of some resources; of two with one name, the first is found."""
        made = cls()
        for one in found:
            if one.url:
                made._by_url.setdefault((one.bundle, one.url.casefold()), one)
            if name := text(one.data, "id").casefold():
                made._by_id.setdefault((one.bundle, one.kind, name), one)
        return made

    def find(self, kind: str, reference: str, source: Resource) -> Resource | None:
        """Look among what `source` contains, and in its bundle; of what is loose, among the loose.

        kind: of the resource wanted. Return it; None for an orphan.
        """
        plain = re.sub(r"/_history/.*", "", reference).casefold()
        if plain.startswith("#"):
            return _contained(kind, plain[1:], source)
        found = self._by_url.get((source.bundle, plain))
        if found is None or found.kind != kind:
            found = self._by_id.get((source.bundle, kind, tail(plain)))
        return found


def _contained(kind: str, name: str, source: Resource) -> Resource | None:
    for one in every(source.data, "contained"):
        if text(one, "resourceType") == kind and text(one, "id").casefold() == name:
            return Resource(kind, one, source.file, source.line, source.bundle)
    return None
