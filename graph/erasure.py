"""What is left of children when something that was said of them is gone: nobody, or somebody else's word."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from graph.layers import Layer
from graph.nearby import described
from graph.pairing import Pairing
from graph.rematch import read_frequencies
from graph.sealing import Keyring
from graph.store import Transaction


def settle(tx: Transaction, layer: Layer, children: Collection[str], now: datetime) -> int:
    """Delete those of these children whom nobody names any more, and match the others anew.

    In a transaction that holds the lock. What was made of an identity that is gone (tokens, pairs, a
    birth year) goes with it; shielding and what a steward judged stay. Return how many are deleted.
    """
    rows = tx.run("load/nameless", children=sorted(children))
    gone = {row["child"] for row in rows if not row["named"]}
    tx.run("load/erase", children=sorted(gone))
    left = {row["child"] for row in rows} - gone
    # Two who were one over somebody who is gone may be a pair of their own.
    near = {one for row in rows if row["child"] in gone for one in row["near"]} - gone
    keyring = layer.keyring
    Pairing(tx, layer, read_frequencies(tx, keyring), now).run(left | near)
    tx.run("load/said_anew", rows=[_years(row, keyring) for row in described(tx, left)])
    tx.run("load/empty_blocks", tokens=sorted({one for row in rows for one in row["tokens"]}))
    return len(gone)


def _years(row: dict[str, Any], keyring: Keyring) -> dict[str, Any]:
    """The years in which sources say that a child was, or will be, born."""
    known = [keyring.open(one["sealed"], row["child"]) for one in row["known"]]
    days = [identity.birth_date or identity.expected_date for identity in known]
    return {"child": row["child"], "years": sorted({day.year for day in days if day})}
