"""What a steward judges of a pair becomes its next version; the one before is kept with its end.

A judgement writes no child, no service and no identity: to take it back is to judge again, and then
everything is as it was.
"""

from collections.abc import Collection
from datetime import datetime

from graph.access import Viewer
from graph.duplicates import Verdict
from graph.errors import BadQuestion
from graph.layers import locked
from graph.model import Model
from graph.nearby import described
from graph.pairing import Pairing, spread_shielding
from graph.rematch import read_frequencies
from graph.sealing import Keyring
from graph.store import Transaction


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
    return [one, other]


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
