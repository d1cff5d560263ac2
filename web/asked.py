"""A question that stands in an address: its texts as they were sent, and what is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from graph import Model, explain
from web.words import first_up

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Asked(Generic[M]):
    """What an address asks; question: None where a field that it needs is missing or wrong.

    faults: field by field what is wrong; what cannot be read counts as not asked.
    """

    question: M | None
    texts: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, kind: type[M], sent: Mapping[str, str]) -> "Asked[M]":
        """Read the fields of `kind`; anything else in the address is left alone."""
        texts = {name: sent.get(name, "").strip() for name in kind.model_fields}
        given = {name: text for name, text in texts.items() if text}
        faults: dict[str, str] = {}
        try:
            return cls(kind.model_validate(given), texts)
        except ValidationError as error:
            faults = {name: f"{first_up(name)} {said}." for name, said in explain(error, kind)}
        try:
            rest = {name: text for name, text in given.items() if name not in faults}
            return cls(kind.model_validate(rest), texts, faults)
        except ValidationError:
            return cls(None, texts, faults)

    def address(self, **other: Any) -> dict[str, Any]:
        """The texts that were sent, with some of them replaced: for a link to the same page."""
        kept = {name: text for name, text in self.texts.items() if text and name != "page"}
        return kept | other
