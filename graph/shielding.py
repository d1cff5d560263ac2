"""Shielding that people ask for: it acts at once, is reviewed, and is lifted by two stewards."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from graph.access import Permission, Reference, Viewer
from graph.answers import Outcome
from graph.asking import Asking
from graph.errors import BadQuestion
from graph.finding import outcome_of
from graph.hours import working_days_after
from graph.judging import KeptReason, reached, shield_anew
from graph.keeping import REVIEW_DAYS
from graph.model import Model
from graph.pairing import spread_shielding
from graph.questions import FindChild, Question, ServiceMapOf


class ShieldReason(StrEnum):
    """Why a child must not be found by who has no ground, from a fixed list so that it says no more."""

    DANGER = "somebody could find and harm the child"
    ADOPTION = "adopted, or about to be"
    COURT = "a court ordered it"
    WITNESS = "under a witness protection scheme"
    KNOWN = "the family is known to who works here"


class ShieldVerdict(StrEnum):
    """What a steward makes of a shield at its review."""

    KEEP = "keep"
    LIFT = "lift"


class ShieldAsked(Model):
    """A child is shielded now; review_by: by when a steward looks at it again."""

    review_by: date

    @property
    def shown(self) -> int:
        """One child; for the access record."""
        return 1


class Shield(Model):
    """A shield that somebody asked for, or that a judgement left; and nothing of which child.

    handle: for this steward, today; kept_by: who reviewed it last; lift_by: who would lift it, which
    needs another one; due: whether its review is late or today. over_mark: a source marked the child, and
    a lift ends that, too.
    """

    handle: str
    asked_at: datetime
    asked_by: str
    reason: ShieldReason | KeptReason
    reference: str
    review_by: date
    kept_by: str | None = None
    lift_by: str | None = None
    due: bool
    over_mark: bool = False


class ShieldList(Model):
    """Shields in force that people asked for, those due first."""

    shields: Sequence[Shield] = ()

    @property
    def shown(self) -> int:
        """How many."""
        return len(self.shields)


class Reviewed(Model):
    """What came of a review: kept until then, waiting for another steward, or lifted."""

    lifted: bool = False
    waits: bool = False
    review_by: date | None = None

    @property
    def shown(self) -> int:
        """One shield; for the access record."""
        return 1


class ShieldedByDetails(Model):
    """What came of it; review_by: None where the details are not of one child beyond doubt.

    marked: a source had marked the child, and lifting this shield ends that, too.
    """

    outcome: Outcome
    review_by: date | None = None
    marked: bool = False

    @property
    def shown(self) -> int:
        """One child, or none; for the access record."""
        return int(self.review_by is not None)


class ShieldChild(Question[ShieldAsked]):
    """Shield this child: from now on it is found by exact identity only, and shows nothing.

    child: the handle that a search gave. Whoever may open the child may ask for it.
    """

    permission = Permission.ASK_SHIELD
    needs_child = True
    child: str
    reason: ShieldReason
    reference: Reference

    def asked(self) -> dict[str, Any]:
        """Why, and with which reference of their own."""
        return {"reason": self.reason.value, "shield_reference": self.reference}

    def asker(self, asking: Asking) -> Viewer:
        """With what they stated when they found this child."""
        return ServiceMapOf(child=self.child).asker(asking)

    def candidates(self, asking: Asking) -> list[str]:
        """The child of the handle."""
        return asking.in_handle(self.child)[:1]

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> ShieldAsked:
        """Shield it, and whoever may be the same child."""
        [child] = children
        review_by, _ = _shield(asking, child, self.reason, self.reference)
        return ShieldAsked(review_by=review_by)


class ShieldByDetails(Question[ShieldedByDetails]):
    """Shield the child of these details; or take over what a source marked, so that it can be lifted.

    of: the details, as in a search; they must be of one child beyond doubt, and a child who is shielded is
    there by exact ones only. What a source marked is lifted with this shield, by two stewards, and comes
    back with a new or changed row of the source.
    """

    permission = Permission.REVIEW_SHIELD
    chooses = True
    of: FindChild
    reason: ShieldReason
    reference: Reference

    def asked(self) -> dict[str, Any]:
        """Which details were given, never their values; why, and with which reference."""
        said = {"reason": self.reason.value, "shield_reference": self.reference}
        return {**self.of.asked(), **said}

    def candidates(self, asking: Asking) -> list[str]:
        """Children who fit what was typed."""
        return self.of.candidates(asking)

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> ShieldedByDetails:
        """Shield it, where one child is meant."""
        outcome, chosen = outcome_of(asking.scores, list(children))
        if outcome is not Outcome.ONE:
            return ShieldedByDetails(outcome=outcome)
        asking.chosen.extend(chosen)
        review_by, marked = _shield(asking, chosen[0], self.reason, self.reference, over=True)
        return ShieldedByDetails(outcome=outcome, review_by=review_by, marked=marked)


class Shields(Question[ShieldList]):
    """Which shields did people ask for, and which are due for review?"""

    permission = Permission.REVIEW_SHIELD

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> ShieldList:
        """Those in force, the next review first."""
        rows = asking.transaction.run("report/shields", clearance=asking.clearance)
        shields = [
            Shield(
                handle=asking.handle(row["shield"].pop("id")),
                due=row["shield"]["review_by"] <= asking.today,
                **row["shield"],
            )
            for row in rows
        ]
        return ShieldList(shields=shields)


class ReviewShield(Question[Reviewed]):
    """Keep a shield for 20 working days more, or lift it; two stewards lift.

    shield: the handle that a list gave. It shows nothing of the child.
    """

    permission = Permission.REVIEW_SHIELD
    needs_child = True
    shield: str
    verdict: ShieldVerdict

    def asked(self) -> dict[str, Any]:
        """What was decided."""
        return {"verdict": self.verdict.value}

    def candidates(self, asking: Asking) -> list[str]:
        """The child that is shielded; never told."""
        rows = asking.transaction.run(
            "find/shield", shield=self._id(asking), clearance=asking.clearance
        )
        return [row["child"] for row in rows]

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> Reviewed:
        """Do so; a lift waits for another steward.

        Raises BadQuestion where the same steward would lift it twice.
        """
        tx, by, lift = asking.transaction, asking.viewer.id, self.verdict is ShieldVerdict.LIFT
        tx.run("load/lock", now=asking.now)
        review_by = working_days_after(asking.today, REVIEW_DAYS)
        said = {"lift": lift, "by": by, "now": asking.now, "review_by": review_by}
        [row] = tx.run("load/review_shield", shield=self._id(asking), **said)
        if lift and row["lift_by"] == by and not row["first"]:
            raise BadQuestion("You asked for this lift yourself; another steward must agree.")
        if row["lifted"] and row["over_mark"]:
            tx.run("load/unmark", children=sorted(reached(tx, children, same_only=True)))
        if row["lifted"]:
            shield_anew(tx, reached(tx, children))
        kept = None if lift else review_by
        return Reviewed(lifted=row["lifted"], waits=lift and not row["lifted"], review_by=kept)

    def _id(self, asking: Asking) -> str:
        return asking.in_handle(self.shield)[0]


def _shield(
    asking: Asking, child: str, reason: ShieldReason, reference: str, over: bool = False
) -> tuple[date, bool]:
    """Shield a child, and whoever may be the same; return the day of the review, and if it was marked."""
    review_by = working_days_after(asking.today, REVIEW_DAYS)
    shield = {
        "id": uuid4().hex,
        "asked_at": asking.now,
        "asked_by": asking.viewer.id,
        "reason": reason.value,
        "reference": reference,
        "review_by": review_by,
    }
    asking.transaction.run("load/lock", now=asking.now)
    [row] = asking.transaction.run("load/ask_shield", child=child, shield=shield, over=over)
    spread_shielding(asking.transaction, [child])
    return review_by, row["marked"]
