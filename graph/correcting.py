"""What was reported as wrong: a steward rings the source that says it, and notes what it answered."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from graph.access import Permission
from graph.asking import Asking
from graph.corrections import CorrectionState, Mistake
from graph.errors import BadQuestion
from graph.map_rows import identities_of
from graph.model import Identity, Model
from graph.questions import Question

_KIND = "correction"
_ANSWERED = "Another steward has noted an answer meanwhile; look at the list again."


class Righted(StrEnum):
    """What a steward makes of a correction, having rung the source."""

    RIGHTED = "put right at the source"
    STANDS = "the source stands by it"
    NOT_REACHED = "the source was not reached; it waits on"


_STATES = {
    Righted.RIGHTED: CorrectionState.RIGHTED,
    Righted.STANDS: CorrectionState.STANDS,
    Righted.NOT_REACHED: CorrectionState.WAITING,
}


class ToCorrect(Model):
    """A correction that waits, and nothing of which child or service.

    handle: for this steward, today; by: who reported it, None where they work for a sensitive service;
    service: whose they are; tried_at: when somebody last rang in vain.
    """

    handle: str
    asked_at: datetime
    by: str | None
    service: str | None
    reference: str
    mistake: Mistake
    tried_at: datetime | None = None


class ToCorrectList(Model):
    """What waits to be put right, the oldest first."""

    waiting: Sequence[ToCorrect] = ()

    @property
    def shown(self) -> int:
        """How many; for the access record."""
        return len(self.waiting)


class Sender(Model):
    """A source that says what is reported as wrong; authority: None for one that sends for none."""

    name: str
    authority: str | None = None


class Corrigible(Model):
    """What was reported as wrong, for the steward alone.

    by, by_service, reference: who reported it, where they work for a sensitive service only the reference;
    identity: about whom; service: which it concerns, None for none in particular; sources: who says so now,
    to be rung.
    """

    handle: str
    asked_at: datetime
    by: str | None
    by_service: str | None
    reference: str
    mistake: Mistake
    identity: Identity | None = None
    service: str | None = None
    sources: Sequence[Sender] = ()
    tried_at: datetime | None = None

    @property
    def shown(self) -> int:
        """One correction; for the access record."""
        return 1


class Corrected(Model):
    """What was noted of a correction."""

    said: Righted

    @property
    def shown(self) -> int:
        """One correction; for the access record."""
        return 1


class Corrections(Question[ToCorrectList]):
    """What was reported as wrong, and waits?"""

    permission = Permission.CORRECT

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> ToCorrectList:
        """Those that wait, the oldest first."""
        rows = asking.transaction.run("report/corrections", clearance=asking.clearance)
        waiting = [ToCorrect(handle=asking.handle_of(_KIND, row.pop("id")), **row) for row in rows]
        return ToCorrectList(waiting=waiting)


class CorrectionOf(Question[Corrigible]):
    """What is wrong, about which child, and who says it?

    correction: the handle that the list gave.
    """

    permission = Permission.CORRECT
    needs_child = True
    correction: str

    def candidates(self, asking: Asking) -> list[str]:
        """The child that it is about."""
        return _about(asking, self.correction)

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> Corrigible:
        """What was reported, who the child is, and which sources to ring."""
        [row] = asking.transaction.run(
            "ask/correction",
            correction=_opened(asking, self.correction),
            clearance=asking.clearance,
        )
        known = identities_of(row.pop("identities"), asking.keyring)
        return Corrigible(handle=self.correction, identity=known[0] if known else None, **row)


class AnswerCorrection(Question[Corrected]):
    """Note what the source said.

    correction: the handle that the list gave.
    """

    permission = Permission.CORRECT
    needs_child = True
    correction: str
    said: Righted

    def asked(self) -> dict[str, Any]:
        """What it said."""
        return {"said": self.said.value}

    def candidates(self, asking: Asking) -> list[str]:
        """The child that it is about; never told."""
        return _about(asking, self.correction)

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> Corrected:
        """Note it; from now on whoever reported it is told.

        Raises BadQuestion where another steward noted something meanwhile.
        """
        rows = asking.transaction.run(
            "load/answer_correction",
            correction=_opened(asking, self.correction),
            state=_STATES[self.said].value,
            by=asking.viewer.id,
            now=asking.now,
        )
        if not rows:
            raise BadQuestion(_ANSWERED)
        return Corrected(said=self.said)


def _about(asking: Asking, handle: str) -> list[str]:
    rows = asking.transaction.run(
        "find/correction", correction=_opened(asking, handle), clearance=asking.clearance
    )
    return [row["child"] for row in rows]


def _opened(asking: Asking, handle: str) -> str:
    return next(iter(asking.in_handle_of(_KIND, handle)), "")
