"""What came of ringing somebody: reached, no answer, or a wrong number, which its steward is told."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from graph.access import Permission, Viewer
from graph.asking import Asking
from graph.errors import BadQuestion
from graph.model import Model
from graph.questions import CONTACT, Question, ServiceMapOf

_NOT_OF_TODAY = "This is no contact of your map of today. Open the map again, and say it there."


class CallOutcome(StrEnum):
    """What came of a call."""

    REACHED = "reached"
    NO_ANSWER = "no answer"
    WRONG_NUMBER = "wrong number"


class Called(Model):
    """What was noted of a call; seconds: since the child was first found, or its map opened for a reason."""

    call: CallOutcome
    seconds: int

    @property
    def shown(self) -> int:
        """One call; for the access record."""
        return 1


class NoteCall(Question[Called]):
    """Note what came of ringing a contact of a child's map.

    child: the handle that a search gave; contact: the handle that the map gave.
    """

    permission = Permission.NOTE_CALL
    needs_child = True
    child: str
    contact: str
    call: CallOutcome

    def asked(self) -> dict[str, Any]:
        """What came of it."""
        return {"call": self.call.value}

    def asker(self, asking: Asking) -> Viewer:
        """With what they stated when they found this child."""
        return ServiceMapOf(child=self.child).asker(asking)

    def candidates(self, asking: Asking) -> list[str]:
        """The child of the handle."""
        return asking.in_handle(self.child)[:1]

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> Called:
        """Note it; of a wrong number, at the service too, until somebody confirms the right one.

        Raises BadQuestion where the contact is none of this child's map.
        """
        [child] = children
        said = asking.in_handle_of(CONTACT, self.contact)
        if len(said) != 3 or said[0] != child:
            raise BadQuestion(_NOT_OF_TODAY)
        _, kind, service = said
        seconds = self._seconds(asking)
        asking.noted.update(contact=kind, service=service or None, seconds=seconds)
        if self.call is CallOutcome.WRONG_NUMBER and service:
            asking.transaction.run("load/doubt", service=service, line=kind, today=asking.today)
        return Called(call=self.call, seconds=seconds)

    def _seconds(self, asking: Asking) -> int:
        stated_at = datetime.fromisoformat(asking.in_handle(self.child)[4])
        return max(0, int((asking.now - stated_at).total_seconds()))


class CallFigures(Model):
    """Calls of some days: how many came to what, and the middle time to reached, None where none was."""

    days: int
    reached: int
    no_answer: int
    wrong_number: int
    seconds: int | None = None

    @property
    def total(self) -> int:
        """How many calls."""
        return self.reached + self.no_answer + self.wrong_number

    @property
    def shown(self) -> int:
        """How many figures; for the access record."""
        return 1


class CallsMade(Question[CallFigures]):
    """How many calls reached somebody, and how long after the child was found? Counts only.

    days: back from now.
    """

    permission = Permission.SEE_CALLS
    days: Annotated[int, Field(ge=1, le=366)] = 30

    def asked(self) -> dict[str, Any]:
        """Of how many days."""
        return {"days": self.days}

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> CallFigures:
        """The counts."""
        since = asking.now - timedelta(days=self.days)
        [row] = asking.transaction.run("report/calls", since=since, clearance=asking.clearance)
        return CallFigures(days=self.days, **row)
