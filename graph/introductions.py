"""Introductions: who may not see which sensitive service it is asks the broker to be connected with it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from graph.access import Permission, Reference, Viewer
from graph.asking import Asking
from graph.errors import BadQuestion
from graph.fields import Telephone
from graph.keeping import TOLD_FOR
from graph.messages import BROKER
from graph.model import Model
from graph.questions import Question, ServiceMapOf

_NOTHING = "Nothing is withheld here that the broker could connect you with."


class Agreed(StrEnum):
    """What came of an introduction: the two are told of each other only where both agree."""

    WAITING = "waiting"
    AGREED = "agreed"
    DECLINED = "declined"


class BrokerAsked(Model):
    """The broker was asked; introductions: with how many services they will try to connect the viewer.

    waiting: with how many of them already, from an earlier time.
    """

    introductions: int
    waiting: int = 0
    broker_line: str

    @property
    def shown(self) -> int:
        """How many services are sought, and nothing of which; for the access record."""
        return self.introductions + self.waiting


class Introduction(Model):
    """What came of one's own request to the broker, by one's own reference, and nothing of which child.

    tried_at: when the broker last rang them in vain; service, telephone: of the other side, None until
    they agree.
    """

    reference: str
    asked_at: datetime
    state: Agreed
    tried_at: datetime | None = None
    answered_at: datetime | None = None
    service: str | None = None
    telephone: str | None = None


class IntroductionList(Model):
    """One's own requests to the broker, the latest first."""

    introductions: Sequence[Introduction] = ()

    @property
    def shown(self) -> int:
        """How many; for the access record."""
        return len(self.introductions)


class AskBroker(Question[BrokerAsked]):
    """Connect me with whoever works with this child and is withheld from me.

    child: the handle that a search gave; telephone: where the broker, and then they, reach the viewer.
    Who asks agrees that the others are told who they are once those agree, too.
    """

    permission = Permission.ASK_BROKER
    needs_child = True
    child: str
    telephone: Telephone
    reference: Reference

    def asked(self) -> dict[str, Any]:
        """With which reference of their own."""
        return {"broker_reference": self.reference}

    def asker(self, asking: Asking) -> Viewer:
        """With what they stated when they found this child."""
        return ServiceMapOf(child=self.child).asker(asking)

    def candidates(self, asking: Asking) -> list[str]:
        """The child of the handle."""
        return asking.in_handle(self.child)[:1]

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> BrokerAsked:
        """Put it in the broker's queue, once for each service; of a shielded child only the line is told.

        Raises BadQuestion where nothing is withheld.
        """
        [(child, shielded)] = children.items()
        if shielded:
            return BrokerAsked(introductions=0, broker_line=asking.broker_line)
        rows = asking.transaction.run(
            "find/withheld",
            child=child,
            user=asking.viewer.id,
            today=asking.today,
            clearance=asking.clearance,
        )
        if not rows:
            raise BadQuestion(_NOTHING)
        fresh = [row for row in rows if not row["waits"]]
        self._write(asking, fresh)
        return BrokerAsked(
            introductions=len(fresh),
            waiting=len(rows) - len(fresh),
            broker_line=asking.broker_line,
        )

    def told(self, answer: BrokerAsked) -> tuple[str, ...]:
        """The broker, where something waits that did not."""
        return (BROKER,) if answer.introductions else ()

    def _write(self, asking: Asking, sought: Sequence[Mapping[str, Any]]) -> None:
        viewer = asking.viewer
        said = {
            "asked_at": asking.now,
            "asked_by": viewer.id,
            "for_service": viewer.service,
            "authority": viewer.authority,
            "telephone": self.telephone,
            "reference": self.reference,
            "state": Agreed.WAITING.value,
        }
        rows = [
            {"child": one["about"], "service": one["service"], "said": {**said, "id": uuid4().hex}}
            for one in sought
        ]
        asking.transaction.run("load/ask_broker", rows=rows)


class OwnIntroductions(Question[IntroductionList]):
    """What came of my requests to the broker?"""

    permission = Permission.ASK_BROKER

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> IntroductionList:
        """One's own, those that wait and those that were answered in the last weeks."""
        rows = asking.transaction.run(
            "ask/own_introductions",
            user=asking.viewer.id,
            since=asking.now - TOLD_FOR,
            clearance=asking.clearance,
        )
        return IntroductionList(introductions=[Introduction.model_validate(row) for row in rows])
