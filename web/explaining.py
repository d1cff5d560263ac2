"""What a user says of their own use of break-glass, from a page or from the API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph import Explained, Explanation, Model, Reference, UseToExplain
from web.asked import Asked

# Said where nothing was chosen, or nothing written.
MISSING = {
    "explained": "Choose what came of it.",
    "reference": "Give the reference under which it is written down.",
}


class ExplanationBody(Model):
    """What came of an emergency, and the reference under which that is written down."""

    explained: Explained
    reference: Reference

    def of(self, handle: str) -> Explanation:
        """The explanation of the use of this handle."""
        return Explanation(use=handle, **dict(self))


@dataclass(frozen=True)
class ExplainPage:
    """A use of break-glass that waits for its explanation; form: as it was sent."""

    use: UseToExplain
    form: Asked[ExplanationBody]
    choices: Sequence[Explained] = tuple(Explained)

    @property
    def faults(self) -> Mapping[str, str]:
        """What is wrong, field by field; nothing before the form was sent."""
        missing = [name for name in MISSING if not self.form.texts.get(name)]
        return {
            name: MISSING[name] if name in missing else said
            for name, said in self.form.faults.items()
        }
