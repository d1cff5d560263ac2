"""What a steward judges of a pair becomes its next version; the one before is kept with its end.

A judgement writes no service and no identity: to take it back is to judge again, and then everything is
as it was, but for a shield: who was hidden for being near a shielded child is so until two stewards have
lifted that.
"""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from graph.access import Viewer
from graph.duplicates import Verdict
from graph.errors import BadQuestion
from graph.hours import LONDON, working_days_after
from graph.keeping import REVIEW_DAYS
from graph.layers import locked
from graph.model import Model
from graph.nearby import described
from graph.pairing import Pairing, spread_shielding
from graph.rematch import read_frequencies
from graph.sealing import Keyring
from graph.store import Transaction


class KeptReason(StrEnum):
    """Why a child is shielded of whom nobody asked for it."""

    PARTED = "judged to be another than a shielded child"


class Judgement(Model):
    """A steward's word on a pair.

    pair: the handle that a list gave; verdict: OPEN takes an earlier judgement back, as if nobody had
    judged: what Signpost would join by itself it joins again.
    """

    pair: str
    verdict: Verdict


def judge(
    tx: Transaction, keyring: Keyring, viewer: Viewer, key: str, verdict: Verdict, now: datetime
) -> list[str]:
    """Write what a steward judged of the pair of that key; return the ids of its two children.

    None are returned where there is no such pair. Raises BadQuestion where two would be judged
    different who are still one by other judgements.
    """
    layer = locked(tx, keyring, now)
    key = layer.turned(key)
    [row] = tx.run("find/pair", pair=[key], clearance=[])
    if not row["found"]:
        return []
    [ends] = row["found"]
    one, other = ends["one"], ends["other"]
    row = {"one": one, "other": other, "key": key, "score": ends["score"]}
    row |= {"judgement": verdict.value, "author": viewer.id}
    touched = reached(tx, [one]) | reached(tx, [other])
    before = _shielded(tx, touched)
    tx.run("load/pairs", rows=[row], now=now)
    turn = Pairing(tx, layer, read_frequencies(tx, keyring), now)
    turn.run(touched)
    parted = verdict in (Verdict.DIFFERENT, Verdict.UNSURE)
    if parted and other in reached(tx, [one], same_only=True):
        raise BadQuestion(
            "These two are one child by other judgements too. Take those back first: they are in the "
            "list of pairs judged the same."
        )
    shield_anew(tx, touched)
    _keep(tx, viewer, before, None if ends["joined"] else viewer.id, now)
    return [one, other]


def _shielded(tx: Transaction, children: Collection[str]) -> set[str]:
    return {row["child"] for row in described(tx, children) if row["shielded"]}


def _keep(
    tx: Transaction, viewer: Viewer, before: Collection[str], lift_by: str | None, now: datetime
) -> None:
    """Give whoever was hidden and would be no more a shield of their own, which two stewards lift.

    lift_by: whose word for the lift is there already: of the steward who judged a pair that only waited.
    """
    day = now.astimezone(LONDON).date()
    said = {"asked_at": now, "asked_by": viewer.id, "reason": KeptReason.PARTED.value}
    said |= {"reference": f"pair-{day}", "review_by": working_days_after(day, REVIEW_DAYS)}
    while freed := sorted(set(before) - _shielded(tx, before)):
        shield = {**said, "id": uuid4().hex, "lift_by": lift_by}
        tx.run("load/ask_shield", child=freed[0], shield=shield, over=False)
        spread_shielding(tx, freed[:1])


def reached(tx: Transaction, children: Collection[str], same_only: bool = False) -> set[str]:
    """All who may be one with these children, as far as pairs reach; same_only: who are."""
    seen: set[str] = set()
    fresh = set(children)
    while fresh:
        seen |= fresh
        pairs = [pair for row in described(tx, fresh) for pair in row["pairs"]]
        over = ("different",) if not same_only else ("different", "open", "unsure")
        fresh = {pair["other"] for pair in pairs if pair["judgement"] not in over} - seen
    return seen


def shield_anew(tx: Transaction, children: set[str]) -> None:
    """Shielding that came over a pair goes with it; what a source or a steward marked stays."""
    left = set(children)
    while left:
        together = reached(tx, [min(left)])
        tx.run("load/unshield", children=sorted(together))
        left -= together
    spread_shielding(tx, children)
