"""The broker's queue: a steward rings whom somebody seeks, and connects the two where both agree."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from pydantic import model_validator

from graph.access import Permission
from graph.answers import ContactKind
from graph.asking import Asking
from graph.errors import BadQuestion
from graph.fields import Telephone
from graph.hours import LONDON, working_days_after
from graph.introductions import Agreed
from graph.map_rows import identities_of
from graph.model import Identity, Model
from graph.questions import Question

_KIND = "introduction"
_ANSWERED = "Another steward has noted an answer meanwhile; look at the queue again."


class Sought(StrEnum):
    """What the broker makes of an introduction, having rung the service that is sought."""

    AGREED = "agreed"
    DECLINED = "declined"
    NOT_REACHED = "not reached"


class Waiting(Model):
    """An introduction that waits, and nothing of which child.

    handle: for this steward, today; by: who asks, service: whose they are; tried_at: when somebody last
    rang in vain; late: it waits since before the last working day.
    """

    handle: str
    asked_at: datetime
    by: str
    service: str | None
    reference: str
    tried_at: datetime | None = None
    late: bool = False


class BrokerList(Model):
    """What waits for the broker, the oldest first."""

    waiting: Sequence[Waiting] = ()

    @property
    def shown(self) -> int:
        """How many; for the access record."""
        return len(self.waiting)


class Line(Model):
    """A telephone at which the service that is sought may be reached."""

    kind: ContactKind
    name: str
    telephone: str


class Brokered(Model):
    """Both sides of an introduction, for the broker alone; what to tell either depends on the other.

    by, by_service, by_telephone, reference: who asks; identity: whom about; service, lines: who is sought.
    """

    handle: str
    asked_at: datetime
    by: str
    by_service: str | None
    by_telephone: str
    reference: str
    identity: Identity | None = None
    service: str
    lines: Sequence[Line] = ()
    tried_at: datetime | None = None

    @property
    def shown(self) -> int:
        """One introduction; for the access record."""
        return 1


class Introduced(Model):
    """What was noted of an introduction."""

    said: Sought

    @property
    def shown(self) -> int:
        """One introduction; for the access record."""
        return 1


class BrokerQueue(Question[BrokerList]):
    """Who waits to be connected?"""

    permission = Permission.BROKER

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> BrokerList:
        """Those that wait, the oldest first."""
        rows = asking.transaction.run("report/introductions", clearance=asking.clearance)
        return BrokerList(waiting=[_waiting(asking, row) for row in rows])


class IntroductionOf(Question[Brokered]):
    """Who seeks whom, and about which child?

    introduction: the handle that the queue gave.
    """

    permission = Permission.BROKER
    needs_child = True
    introduction: str

    def candidates(self, asking: Asking) -> list[str]:
        """The child that it is about."""
        return _about(asking, self.introduction)

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> Brokered:
        """Both sides, and who the child is, as the broker must say it to the one who is rung."""
        id_ = _opened(asking, self.introduction)
        [row] = asking.transaction.run(
            "ask/introduction", introduction=id_, clearance=asking.clearance
        )
        known = identities_of(row.pop("identities"), asking.keyring)
        lines = [Line.model_validate(one) for one in row.pop("lines")]
        return Brokered(
            handle=self.introduction,
            identity=known[0] if known else None,
            lines=[line for n, line in enumerate(lines) if line not in lines[:n]],
            **row,
        )


class AnswerIntroduction(Question[Introduced]):
    """Note what the service that is sought said.

    introduction: the handle that the queue gave; telephone: where whoever asked may ring them, needed
    where they agree.
    """

    permission = Permission.BROKER
    needs_child = True
    introduction: str
    said: Sought
    telephone: Telephone | None = None

    @model_validator(mode="after")
    def _whom_to_ring(self) -> Self:
        if self.said is Sought.AGREED and not self.telephone:
            raise ValueError("give the telephone on which they want to be rung")
        return self

    def asked(self) -> dict[str, Any]:
        """What they said."""
        return {"said": self.said.value}

    def candidates(self, asking: Asking) -> list[str]:
        """The child that it is about; never told."""
        return _about(asking, self.introduction)

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> Introduced:
        """Note it; from now on whoever asked is told.

        Raises BadQuestion where another broker noted something meanwhile.
        """
        over = self.said is not Sought.NOT_REACHED
        rows = asking.transaction.run(
            "load/answer_introduction",
            introduction=_opened(asking, self.introduction),
            state=self.said.value if over else Agreed.WAITING.value,
            telephone=self.telephone if self.said is Sought.AGREED else None,
            by=asking.viewer.id,
            now=asking.now,
        )
        if not rows:
            raise BadQuestion(_ANSWERED)
        return Introduced(said=self.said)


def _about(asking: Asking, handle: str) -> list[str]:
    rows = asking.transaction.run(
        "find/introduction", introduction=_opened(asking, handle), clearance=asking.clearance
    )
    return [row["child"] for row in rows]


def _opened(asking: Asking, handle: str) -> str:
    return next(iter(asking.in_handle_of(_KIND, handle)), "")


def _waiting(asking: Asking, row: dict[str, Any]) -> Waiting:
    since = row["asked_at"].astimezone(LONDON).date()
    late = working_days_after(since, 1) < asking.today
    return Waiting(handle=asking.handle_of(_KIND, row.pop("id")), late=late, **row)
