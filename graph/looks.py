"""Who looked at a child: for the child, a parent or an inspector, from the record of access."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from graph.access import Permission
from graph.answers import Outcome
from graph.asking import Asking
from graph.deferral import Deferred, look_handle
from graph.finding import outcome_of
from graph.model import Model
from graph.questions import FindChild, Question

MOST = 1_000
# The same words in every family's report, so that they do not tell whether anything is left out.
NOTE = (
    "A look is left out of this report while telling of it could put somebody in danger. For each look "
    "that is left out a named person has decided so, and reviews it by a set date. These words stand in "
    "every report, whether or not anything is left out."
)


class Look(Model):
    """One time that somebody was shown a child, or was refused it.

    user: None where they worked for a sensitive service and no consent is recorded: then who, what was asked,
    on which ground and why is withheld. service, authority: for whom they worked, by name; question: what was
    asked; restricted: nothing was shown but that a restricted record exists; purpose, emergency,
    reference: what they stated. handle: by which it is kept back, and deferrals: that it is or was; not in
    the family's report.
    """

    at: datetime
    user: str | None
    role: str
    service: str | None
    authority: str | None
    question: str | None
    shown: bool
    restricted: bool
    ground: str | None
    purpose: str | None
    emergency: str | None
    reference: str | None
    handle: str | None = None
    deferrals: Sequence[Deferred] = ()

    @property
    def kept_back(self) -> bool:
        """True where the family's report leaves it out today."""
        return any(one.in_force for one in self.deferrals)


class Looks(Model):
    """Who looked at one child, the latest first.

    outcome: what the search for the child came to; without one match nothing else is said. restricted:
    the child is shielded, and where somebody looked from could tell where the child is: nothing is said.
    total: how many looks there were, of which at most MOST are listed, and lists of the children of a
    service only where there is room: its workers read them daily. compared: how often the child was
    compared with what somebody typed, and not shown. note: what the family's report says of what may be
    left out.
    """

    outcome: Outcome
    restricted: bool = False
    looks: Sequence[Look] = ()
    total: int = 0
    compared: int = 0
    note: str = ""

    @property
    def shown(self) -> int:
        """How many looks are shown; for the access record."""
        return len(self.looks)


class WhoLooked(Question[Looks]):
    """Who looked at this child, when, from where and why?

    of: the details of the child, as in a search; they must be of one child beyond doubt. for_family:
    leaves out what is kept back, and gives no handles.
    """

    permission = Permission.SEE_LOOKS
    chooses = True
    of: FindChild
    for_family: bool = False

    def asked(self) -> dict[str, Any]:
        """Which details were given, never their values, and which form was asked for."""
        return {**self.of.asked(), "for_family": self.for_family}

    def candidates(self, asking: Asking) -> list[str]:
        """Children who fit what was typed."""
        return self.of.candidates(asking)

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> Looks:
        """The looks, where one child is meant; else only what the search came to."""
        outcome, chosen = outcome_of(asking.scores, list(children))
        if outcome is not Outcome.ONE:
            return Looks(outcome=outcome)
        asking.chosen.extend(chosen)
        if children[chosen[0]]:
            return Looks(outcome=outcome, restricted=True)
        found = self._looks(asking, chosen[0])
        note = NOTE if self.for_family else ""
        return Looks.model_validate({**found, "outcome": outcome, "note": note})

    def _looks(self, asking: Asking, child: str) -> dict[str, Any]:
        [row] = asking.transaction.run(
            "report/looks",
            child=child,
            family=self.for_family,
            on=asking.today,
            most=MOST,
            clearance=asking.clearance,
        )
        for look in row["looks"]:
            record = look.pop("id")
            look["handle"] = None if self.for_family else look_handle(asking, record, child)
        row["looks"].sort(key=itemgetter("at"), reverse=True)
        return row
