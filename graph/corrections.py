"""Corrections: who sees on a child's map that something is wrong reports it, and hears what came of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from graph.access import Permission, Reference, Viewer
from graph.asking import Asking
from graph.errors import BadQuestion
from graph.keeping import TOLD_FOR
from graph.model import Model
from graph.questions import Question, ServiceMapOf

_NOT_OF_MAP = (
    "This is no service that the child's map shows you. Open the map again, and report it there."
)


class Mistake(StrEnum):
    """What may be wrong on a child's map."""

    ENDED = "an involvement has ended"
    ANOTHER_CHILD = "an involvement is of another child"
    MISSING = "an involvement is missing"
    WORKER = "the named worker is wrong or has left"
    IDENTITY = "a name, birth date or number is wrong"
    AREA = "the area where the child lives is wrong"
    TWO_CHILDREN = "two children are mixed up here"


class CorrectionState(StrEnum):
    """What came of a correction."""

    WAITING = "waiting"
    RIGHTED = "righted"
    STANDS = "stands"


class CorrectionAsked(Model):
    """It was reported; corrections: one, or none where the child is shielded or the same waits already.

    waiting: how many of the viewer's own, of an earlier time, say the same.
    """

    corrections: int
    waiting: int = 0
    broker_line: str

    @property
    def shown(self) -> int:
        """How many wait now; for the access record."""
        return self.corrections + self.waiting


class Correction(Model):
    """What came of one's own report, by one's own reference, and nothing of which child or service.

    tried_at: when a steward last rang the source in vain.
    """

    reference: str
    asked_at: datetime
    mistake: Mistake
    state: CorrectionState
    tried_at: datetime | None = None
    answered_at: datetime | None = None


class CorrectionList(Model):
    """One's own reports, the latest first."""

    corrections: Sequence[Correction] = ()

    @property
    def shown(self) -> int:
        """How many; for the access record."""
        return len(self.corrections)


class AskCorrection(Question[CorrectionAsked]):
    """Something on this child's map is wrong.

    child: the handle that a search gave; service: id of the service of the map that it concerns, None for
    none in particular.
    """

    permission = Permission.ASK_CORRECTION
    needs_child = True
    child: str
    mistake: Mistake
    service: str | None = None
    reference: Reference

    def asked(self) -> dict[str, Any]:
        """What is wrong, and with which reference of their own."""
        return {"mistake": self.mistake.value, "correction_reference": self.reference}

    def asker(self, asking: Asking) -> Viewer:
        """With what they stated when they found this child."""
        return ServiceMapOf(child=self.child).asker(asking)

    def candidates(self, asking: Asking) -> list[str]:
        """The child of the handle."""
        return asking.in_handle(self.child)[:1]

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> CorrectionAsked:
        """Put it before the stewards, once; of a shielded child only the broker line is told.

        Raises BadQuestion where the service is none that the map shows the viewer.
        """
        [(child, shielded)] = children.items()
        line = asking.broker_line
        if shielded:
            return CorrectionAsked(corrections=0, broker_line=line)
        [row] = self._sought(asking, child)
        if not row["clear"]:
            raise BadQuestion(_NOT_OF_MAP)
        if row["waits"]:
            return CorrectionAsked(corrections=0, waiting=1, broker_line=line)
        self._write(asking, row["about"])
        return CorrectionAsked(corrections=1, broker_line=line)

    def _sought(self, asking: Asking, child: str) -> list[dict[str, Any]]:
        return asking.transaction.run(
            "find/correctable",
            child=child,
            service=self.service,
            mistake=self.mistake.value,
            user=asking.viewer.id,
            today=asking.today,
            clearance=asking.clearance,
        )

    def _write(self, asking: Asking, child: str) -> None:
        said = {
            "id": uuid4().hex,
            "asked_at": asking.now,
            "asked_by": asking.viewer.id,
            "for_service": asking.viewer.service,
            "mistake": self.mistake.value,
            "reference": self.reference,
            "state": CorrectionState.WAITING.value,
        }
        asking.transaction.run("load/ask_correction", child=child, service=self.service, said=said)


class OwnCorrections(Question[CorrectionList]):
    """What came of what I reported as wrong?"""

    permission = Permission.ASK_CORRECTION

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> CorrectionList:
        """One's own, those that wait and those that were answered in the last weeks."""
        rows = asking.transaction.run(
            "ask/own_corrections",
            user=asking.viewer.id,
            since=asking.now - TOLD_FOR,
            clearance=asking.clearance,
        )
        return CorrectionList(corrections=[Correction.model_validate(row) for row in rows])
