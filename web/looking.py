"""What is asked and said of who looked at a child, from a form or from the API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from graph import (
    DEFERRED_DAYS,
    BadQuestion,
    Deferral,
    DeferralList,
    DeferralReason,
    FindChild,
    Graph,
    Looks,
    Outcome,
    Viewer,
    WhoLooked,
    explain,
)
from web.finding import FindForm
from web.words import counted, first_up

_STATED = ("purpose", "emergency", "reference")
_LABELS = {
    "look": "The look",
    "reason": "Reason",
    "until": "The day of the review",
    "reference": "Your case reference",
}
_BOTH = "Give both a reason and the day of a review; or end it."
UNSURE = (
    "These details are not of one child beyond doubt. Give the NHS number, or more details; "
    "nothing is said of anybody else."
)


class LooksBody(FindChild):
    """The details of a child, and for whom the list is."""

    for_family: bool = False

    def question(self) -> WhoLooked:
        """The question."""
        details = {name: getattr(self, name) for name in FindChild.model_fields}
        return WhoLooked(of=FindChild.model_construct(**details), for_family=self.for_family)


def details_in(sent: Mapping[str, str]) -> FindForm:
    """The details of a child, as a browser sent them; a reference is that of a deferral."""
    return FindForm.read({name: text for name, text in sent.items() if name not in _STATED})


@dataclass(frozen=True)
class DeferForm:
    """What a browser sent to keep a look back, or to end that; faults: field by field what is wrong."""

    texts: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> "DeferForm":
        """Read the form; its button says whether a deferral ends."""
        names = (
            "look",
            "reference",
            "whole_service",
            *(() if "end" in sent else ("reason", "until")),
        )
        return cls({name: sent.get(name, "").strip() for name in names})

    def done(self, graph: Graph, viewer: Viewer) -> "DeferForm":
        """Keep back what it says; return it with what is wrong, where something is.

        Raises NotVisible where there is no such look today.
        """
        given = {name: text for name, text in self.texts.items() if text}
        if "reason" in self.texts and not (self.texts["reason"] and self.texts["until"]):
            return DeferForm(self.texts, {"reason": _BOTH})
        try:
            graph.defer(viewer, Deferral.model_validate(given))
        except ValidationError as error:
            faults = {
                n: f"{_LABELS.get(n, 'This')} {said}." for n, said in explain(error, Deferral)
            }
            return DeferForm(self.texts, faults)
        except BadQuestion as error:
            return DeferForm(self.texts, {"until": str(error)})
        return DeferForm()


@dataclass(frozen=True)
class AskLooksPage:
    """The form that asks for a child; said: why there is no answer; waiting: what is kept back."""

    form: FindForm
    waiting: DeferralList
    said: str = ""

    @property
    def more(self) -> bool:
        """True where something stands in, or is wrong with, the fields that are folded away."""
        there = {name for name, text in self.form.texts.items() if text} | set(self.form.faults)
        return bool(there & {"former_name", "sex"})


@dataclass(frozen=True)
class LooksPage:
    """Who looked, for a steward or an auditor; form: the details, to be sent once more.

    defer: a form to keep something back, as it was sent with a fault; done: True where one was taken.
    """

    form: FindForm
    found: Looks
    may_defer: bool
    defer: DeferForm = field(default_factory=DeferForm)
    done: bool = False
    reasons: Sequence[DeferralReason] = tuple(DeferralReason)
    most_days: int = DEFERRED_DAYS

    @property
    def counted(self) -> Sequence[str]:
        """How many there are, after the list."""
        return counted(self.found)

    @property
    def faults(self) -> Sequence[str]:
        """What is wrong with the form to keep something back."""
        return [first_up(said) for said in self.defer.faults.values()]


def is_sure(found: Looks) -> bool:
    """True where the details are of one child beyond doubt."""
    return found.outcome is Outcome.ONE
