"""What may be asked to find a child, from the form or from the API, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import ValidationError

from graph import (
    BadQuestion,
    DatabaseAway,
    Emergency,
    FindChild,
    Found,
    Graph,
    Outcome,
    Purpose,
    Viewer,
    explain,
)
from web.moments import shows_nothing

# In the order of the page.
LABELS = {
    "nhs_number": "NHS number",
    "given_name": "Given name",
    "family_name": "Family name",
    "birth_date": "Date of birth",
    "postcode": "Postcode",
    "former_name": "Former family name",
    "sex": "Sex",
    "purpose": "Purpose",
    "reference": "Your case reference",
    "emergency": "Emergency",
}
DATE_PARTS = ("day", "month", "year")
NO_DATE = "-"
NEEDS_PROOF = (
    "One-time code is needed for an emergency, and must be right and not used before; who signs in "
    "through an organisation signs in again first."
)
NEEDS_REFERENCE = "is needed with a purpose or an emergency"


class FindBody(FindChild):
    """A question for a child, with why it is asked."""

    purpose: Purpose | None = None
    emergency: Emergency | None = None
    reference: str | None = None
    code: str | None = None

    def question(self) -> FindChild:
        """The question alone."""
        return FindChild.model_construct(
            **{name: getattr(self, name) for name in FindChild.model_fields}
        )

    def stated_by(self, viewer: Viewer) -> Viewer:
        """This viewer, stating why.

        Raises BadQuestion where the reference is missing or is none.
        """
        if (self.purpose or self.emergency) and not self.reference:
            raise BadQuestion(f"{LABELS['reference']} {NEEDS_REFERENCE}.")
        try:
            return viewer.stating(self.purpose, self.reference, self.emergency)
        except ValidationError as error:
            [(_, sentence), *_] = explain(error, Viewer)
            raise BadQuestion(f"{LABELS['reference']} {sentence}.") from None


def find_child(graph: Graph, viewer: Viewer, question: FindChild) -> Found:
    """What was found; nobody at a moment that tells nothing."""
    found = graph.ask(viewer, question)
    if not found.children:
        shows_nothing()
    return found


def find_or_say(graph: Graph, viewer: Viewer, question: FindChild, broker_line: str) -> Found:
    """What was found; where the database is away, that it cannot be said."""
    try:
        return find_child(graph, viewer, question)
    except DatabaseAway:
        asked = question.asked()["by"]
        return Found(outcome=Outcome.CANNOT, asked=asked, broker_line=broker_line)


@dataclass(frozen=True)
class FindForm:
    """The form as it was sent: its texts, and field by field what is wrong."""

    texts: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> "FindForm":
        """Read what a browser sent; only known fields are kept."""
        names = [*LABELS, *(f"birth_date-{part}" for part in DATE_PARTS)]
        return cls({name: sent.get(name, "").strip() for name in names})

    def checked(self, viewer: Viewer) -> "tuple[FindForm, FindBody | None, Viewer]":
        """The question and its viewer; None and a form that says what is wrong."""
        faults = _date_faults(self.texts)
        try:
            body = FindBody.model_validate(self._values())
            if not faults:
                return self, body, body.stated_by(viewer)
        except ValidationError as error:
            found = [(name or "nhs_number", said) for name, said in explain(error, FindBody)]
            faults = _on_page({name: _sentence(name, said) for name, said in found} | faults)
        except BadQuestion as error:
            faults = {"reference": str(error)}
        return FindForm(self.texts, faults), None, viewer

    def without_proof(self) -> "FindForm":
        """The same form, where a second factor is missing."""
        return FindForm(self.texts, {"code": NEEDS_PROOF})

    def _values(self) -> dict[str, Any]:
        values: dict[str, Any] = {name: self.texts[name] for name in LABELS if self.texts[name]}
        if any(_parts(self.texts).values()):
            values["birth_date"] = _born(self.texts) or NO_DATE
        return values


def _parts(texts: Mapping[str, str]) -> dict[str, str]:
    return {part: texts[f"birth_date-{part}"] for part in DATE_PARTS}


def _born(texts: Mapping[str, str]) -> date | None:
    parts = _parts(texts)
    try:
        return date(int(parts["year"]), int(parts["month"]), int(parts["day"]))
    except ValueError:
        return None


def _date_faults(texts: Mapping[str, str]) -> dict[str, str]:
    parts = _parts(texts)
    missing = [part for part, text in parts.items() if not text]
    short = len(parts["year"]) != 4
    if len(missing) == len(parts) or (_born(texts) and not short):
        return {}
    what = "must be a real date" if _born(texts) is None else "needs a year of four digits"
    what = f"must include a {' and a '.join(missing)}" if missing else what
    return {"birth_date": f"Date of birth {what}, as 27 3 2019."}


def _on_page(faults: Mapping[str, str]) -> dict[str, str]:
    """The same, in the order in which the fields stand on the page."""
    return {name: faults[name] for name in (*LABELS, *faults) if name in faults}


def _sentence(name: str, said: str) -> str:
    if said.startswith("give "):
        return said[:1].upper() + said[1:] + "."
    return f"{LABELS.get(name, 'This')} {said}."
