"""Break-glass, as its user has to explain it and their lead sees it: who, when, why; never of whom."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from graph.access import EXPLAIN_WITHIN, Explained, Permission, Reference, Role
from graph.asking import Asking
from graph.model import Model
from graph.questions import Question


class BreakGlassUse(Model):
    """One use of break-glass: an emergency that was stated, and all that it opened in its hour.

    explained: what came of it, in its user's word, with a reference and when they said so; None where
    they have not. late: they have not, and the time for it is over.
    """

    at: datetime
    user: str
    emergency: str
    reference: str
    outcome: str
    explained: Explained | None = None
    explained_reference: str | None = None
    explained_at: datetime | None = None
    late: bool = False


class BreakGlassUses(Question[Sequence[BreakGlassUse]]):
    """Where was break-glass used in my area in the last days, and how was it explained?"""

    permission = Permission.SEE_BREAK_GLASS
    days: int = 30

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> Sequence[BreakGlassUse]:
        """The uses, newest first."""
        # Stewards answer the broker line, which is for all areas.
        everywhere = asking.viewer.role in (Role.AUDITOR, Role.STEWARD)
        areas = None if everywhere else asking.viewer.areas
        rows = _uses(asking, self.days, authorities=areas, user=None)
        return [_use(row, asking.now) for row in rows]

    def shown(self, answer: Sequence[BreakGlassUse]) -> int:
        """How many uses."""
        return len(answer)


class UseToExplain(Model):
    """A use of break-glass that its user has not explained.

    handle: names it, for this user and this day; explain_by: when the time for it is over; late: it is.
    """

    handle: str
    at: datetime
    emergency: str
    reference: str
    explain_by: datetime
    late: bool


class UsesToExplain(Model):
    """What one user has to explain, the oldest first."""

    uses: Sequence[UseToExplain] = ()

    @property
    def shown(self) -> int:
        """How many uses; for the access record."""
        return len(self.uses)


class UnexplainedUses(Question[UsesToExplain]):
    """Which uses of break-glass have I still to explain?

    use: only this one, by the handle that a list gave.
    """

    permission = Permission.EXPLAIN
    use: str | None = None

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> UsesToExplain:
        """One's own uses of the last days without an explanation."""
        only = asking.in_handle(self.use)[0] if self.use else None
        return UsesToExplain(
            uses=[_to_explain(row, asking) for row in _waiting(asking) if only in (None, row["id"])]
        )


class Explanation(Model):
    """What came of a use of break-glass; use: the handle that a list gave; reference: where it is written."""

    use: str
    explained: Explained
    reference: Reference


def use_of(asking: Asking, explanation: Explanation) -> str | None:
    """The id of the use that is explained; None where it is no use of this user's that waits for it."""
    use = asking.in_handle(explanation.use)[0]
    return use if use in [row["id"] for row in _waiting(asking)] else None


def _waiting(asking: Asking) -> list[dict[str, Any]]:
    """The viewer's own uses of the last days that they have not explained, the oldest first."""
    rows = _uses(asking, days=30, authorities=None, user=asking.viewer.id)
    return [row for row in reversed(rows) if row["explained"] is None]


def _uses(
    asking: Asking, days: int, authorities: Sequence[str] | None, user: str | None
) -> list[dict[str, Any]]:
    return asking.transaction.run(
        "report/break_glass",
        since=asking.now - timedelta(days=days),
        authorities=authorities,
        user=user,
        clearance=asking.clearance,
    )


def _use(row: Mapping[str, Any], now: datetime) -> BreakGlassUse:
    said = {name: value for name, value in row.items() if name != "id"}
    late = row["explained"] is None and now >= row["at"] + EXPLAIN_WITHIN
    return BreakGlassUse.model_validate({**said, "late": late})


def _to_explain(row: Mapping[str, Any], asking: Asking) -> UseToExplain:
    explain_by = row["at"] + EXPLAIN_WITHIN
    return UseToExplain(
        handle=asking.handle(row["id"]),
        at=row["at"],
        emergency=row["emergency"],
        reference=row["reference"],
        explain_by=explain_by,
        late=asking.now >= explain_by,
    )
