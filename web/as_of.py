"""On which day, and as known when: the two dates that may stand in an address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from pydantic import ValidationError

from graph import Model, ServiceMapOf
from web.words import LONDON

_FAULTS = {
    "on": "The day must be a date, as 2026-03-04.",
    "known_at": "The time must be a date and a time, as 2026-03-04T09:30.",
}


class AsOf(Model):
    """on: only what was open that day; known_at: as the graph stood at that instant."""

    on: date | None = None
    known_at: datetime | None = None

    def question(self, handle: str) -> ServiceMapOf:
        """The question for the child of this handle; a time without a zone is London's."""
        known_at = self.known_at
        if known_at and known_at.tzinfo is None:
            # In UTC: neo4j 6.4 crashes the process on a datetime whose zone is a ZoneInfo.
            known_at = known_at.replace(tzinfo=LONDON).astimezone(UTC)
        return ServiceMapOf(child=handle, on=self.on, known_at=known_at)


@dataclass(frozen=True)
class AsOfForm:
    """The form as it was sent: its texts, and field by field what is wrong."""

    texts: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)

    @property
    def dates(self) -> Mapping[str, str]:
        """The dates that were asked for, for an address of the same child that keeps them."""
        return {} if self.faults else {name: text for name, text in self.texts.items() if text}

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> "tuple[AsOfForm, AsOf]":
        """Read an address; what cannot be read counts as not asked, and the form says so."""
        texts = {name: sent.get(name, "").strip() for name in AsOf.model_fields}
        try:
            return cls(texts), AsOf.model_validate({n: t for n, t in texts.items() if t})
        except ValidationError as error:
            names = {str(fault["loc"][0]) for fault in error.errors(include_input=False)}
            faults = {name: _FAULTS[name] for name in _FAULTS if name in names}
            return cls(texts, faults), AsOf()
