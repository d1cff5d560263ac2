"""The access record: written by the door in the same transaction as the answer, never an identity."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from graph.access import POLICY_VERSION, Decision, Viewer

SHOWN = "shown"
BEGUN = "begun"
DONE = "done"
RESTRICTED = "restricted"
NOT_VISIBLE = "not visible"
NOTHING = "nothing found"
NOT_ALLOWED = "not allowed"
NOT_SIGNED_IN = "not signed in"
LOCKED = "locked"
SLOWED = "slowed down"


class Damage(NamedTuple):
    """A record or an anchor that is not as it was written, or is missing: where, and what is wrong."""

    where: str
    what: str


def access_record(
    viewer: Viewer,
    question: str,
    asked: dict[str, Any],
    outcome: str,
    decision: Decision | None,
    children: Sequence[str],
    shown: int,
    at: datetime,
) -> dict[str, Any]:
    """What is kept of one question.

    question: its name; asked: what is no identity (on, known_at, ids of those refused); children: ids
    of those shown; shown: how many things the answer held. Return a map for Pen.write.
    """
    return {
        "at": at,
        "user": viewer.id,
        "role": viewer.role.value,
        "user_service": viewer.service,
        "user_authority": viewer.authority,
        "question": question,
        **asked,
        "children": list(children),
        "ground": decision.ground.value if decision and decision.ground else None,
        "purpose": viewer.purpose.value if viewer.purpose else None,
        "emergency": viewer.emergency.value if viewer.emergency else None,
        "stated_at": (viewer.stated_at or at) if viewer.emergency else None,
        "reference": viewer.reference,
        "outcome": outcome,
        "shown": shown,
        "policy": POLICY_VERSION,
    }
