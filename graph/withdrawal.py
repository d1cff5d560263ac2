"""A source takes back what it said of a child: deleted in every version, with a proof that names nobody."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from graph.erasure import settle
from graph.layers import locked
from graph.sealing import Keyring
from graph.store import Transaction


class Withdrawn(NamedTuple):
    """What was taken back.

    records: of the source, that it had said something of; erased: children whom nobody names since.
    """

    records: int = 0
    identities: int = 0
    edges: int = 0
    erased: int = 0


def withdraw(
    tx: Transaction,
    keyring: Keyring,
    source: str,
    feed: str,
    records: Iterable[str],
    now: datetime,
) -> Withdrawn:
    """Delete what a source said of the children of these records, in whichever of its feeds.

    records: tokens of the source's own records, as Plan.record_of makes them; of one that is not known
    nothing is done, so that it may be run again. Where the source has another record of one of the
    children, its edges go too, and come back with the next load of that record.
    """
    layer = locked(tx, keyring, now)
    rows = tx.run("load/withdraw", source=source, records=sorted(set(records)))
    if not rows:
        return Withdrawn()
    erased = settle(tx, layer, {child for row in rows for child in row["children"]}, now)
    proofs = [{"id": uuid.uuid4().hex, **_counts(row)} for row in rows]
    tx.run("load/withdrawal", source=source, feed=feed, now=now, rows=proofs)
    identities, edges = (sum(proof[what] for proof in proofs) for what in ("identities", "edges"))
    return Withdrawn(len(rows), identities, edges, erased)


def _counts(row: dict[str, int]) -> dict[str, int]:
    return {what: row[what] for what in ("identities", "edges")}
