"""A look that is kept back from the family's report until a review, by a named steward."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from pydantic import model_validator

from graph.access import Permission, Reference
from graph.asking import Asking
from graph.errors import BadQuestion
from graph.keeping import DEFERRED_DAYS, DEFERRED_LISTED
from graph.model import Model
from graph.questions import Question

SOON = timedelta(days=14)
_LOOK = "look"


class DeferralReason(StrEnum):
    """Why a look is kept back; each is an exemption of the Data Protection Act 2018 (docs/audit.md)."""

    ENQUIRY = "a police enquiry is open"
    HARM = "somebody could come to serious harm"
    DISCUSSION = "a strategy discussion is going on"


class Deferral(Model):
    """A steward's word that a look is kept back from the family's report until a review.

    look: the handle that the list of looks gave; whole_service: all looks by that one's service at this
    child, those to come too. reason, until: why, and the day of the review, which is the last one on
    which it is kept back; without both, a deferral ends now.
    """

    look: str
    whole_service: bool = False
    reason: DeferralReason | None = None
    until: date | None = None
    reference: Reference

    @model_validator(mode="after")
    def _both_or_neither(self) -> Self:
        if (self.reason is None) != (self.until is None):
            raise ValueError(
                "needs both a reason and the date of a review; neither ends a deferral"
            )
        return self


class Deferred(Model):
    """That something is kept back: by whom, since and until when, and why.

    in_force: False where its day has passed, so that it is shown again.
    """

    author: str
    at: datetime
    until: date
    reason: DeferralReason
    reference: str
    whole_service: bool
    in_force: bool


class DeferralList(Model):
    """What is kept back, or was until lately, whose review is next first; due: how many are due soon."""

    deferrals: Sequence[Deferred] = ()
    due: int = 0

    @property
    def shown(self) -> int:
        """How many are shown; for the access record."""
        return len(self.deferrals)


class Deferrals(Question[DeferralList]):
    """Which looks are kept back from families' reports, by whom, and whose review is due?"""

    permission = Permission.SEE_LOOKS

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> DeferralList:
        """Those in force, and those that ended by their date in the last month."""
        rows = asking.transaction.run(
            "report/deferrals",
            since=asking.today - DEFERRED_LISTED,
            on=asking.today,
            clearance=asking.clearance,
        )
        found = [Deferred.model_validate(row) for row in rows]
        due = [one for one in found if one.until <= asking.today + SOON]
        return DeferralList(deferrals=found, due=len(due))


def look_handle(asking: Asking, record: str, child: str) -> str:
    """The handle of one look at one child."""
    return asking.handle_of(_LOOK, record, child)


def deferred(asking: Asking, deferral: Deferral) -> dict[str, Any] | None:
    """What the access record says of a deferral, which is all that is kept of it.

    None is returned where there is no such look. Raises BadQuestion where it may not be kept back so.
    """
    _check(deferral.until, asking.today)
    look, child = asking.in_handle_of(_LOOK, deferral.look) or ("", "")
    known = asking.facts([child])
    rows = asking.transaction.run("access/look", look=look) if known else []
    if not rows:
        return None
    service = rows[0]["record"].get("user_service") if deferral.whole_service else None
    if deferral.whole_service and service is None:
        raise BadQuestion("Who looked did so for no service. Keep back this one look.")
    return {
        "deferred_for": [child, *(one for one in known[child].members if one != child)],
        "deferred_look": look,
        "deferred_service": service,
        "reason": deferral.reason and deferral.reason.value,
        "until": deferral.until,
    }


def _check(until: date | None, today: date) -> None:
    latest = today + timedelta(days=DEFERRED_DAYS)
    if until and not today <= until <= latest:
        raise BadQuestion(
            f"The review must be between today and {latest:%-d %B %Y}, which is {DEFERRED_DAYS} days on."
        )
