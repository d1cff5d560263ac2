"""What is done to the graph beside loading: sources, the built-in authorities, seals."""

from collections.abc import Callable
from datetime import datetime

from graph.authorities import AuthorityRecord, authorities
from graph.errors import UnknownSource
from graph.model import Period, Source
from graph.rows import UNNAMED, LoadReport
from graph.sealing import Keyring
from graph.store import Store, Transaction
from graph.users import resealed

PAGE = 5_000
_UNNAMED = AuthorityRecord(
    number=UNNAMED,
    name="Area not known",
    gss=(),
    names=(),
    period=Period(),
    succeeded_by=(),
)


def register(tx: Transaction, source: Source, now: datetime) -> LoadReport:
    """Register a source, or put right what is registered of it.

    Raises UnknownSource where its authority is none.
    """
    if not tx.run("load/source", **source.model_dump(mode="json"), now=now):
        raise UnknownSource(f"{source.authority} is not the DfE number of an authority.")
    return LoadReport(source=source.id, feed="register", extracted=now.date(), read=1, new=1)


def build_in_authorities(tx: Transaction) -> None:
    """Make the built-in authorities, their codes and names over time, and who succeeded whom."""
    rows = [
        {
            "number": record.number,
            "name": record.name,
            "region": record.region,
            "gss": [str(code.code) for code in record.gss],
            "names": list(record.names),
            "from": record.period.from_,
            "to": record.period.to,
            "succeeded_by": list(record.succeeded_by),
        }
        for record in (*authorities().values(), _UNNAMED)
    ]
    tx.run("load/authority", rows=rows)


def reseal(store: Store, keyring: Keyring, progress: Callable[[str, int, int], None]) -> int:
    """Seal with the newest key every identity that another key sealed; return how many."""
    count, after = 0, ""
    while page := store.within(lambda tx, a=after: _page(tx, a, keyring)):
        rows = [
            {"edge": one["edge"], "sealed": keyring.seal(keyring.open(one["sealed"], child), child)}
            for child, sealed in page
            for one in sealed
        ]
        store.within(lambda tx, r=rows: tx.run("load/resealed", rows=r))
        count, after = count + len(rows), max(child for child, _ in page)
        progress("sealing anew", count, 0)
    store.within(lambda tx: _reseal_users(tx, keyring))
    return count


def _reseal_users(tx: Transaction, keyring: Keyring) -> None:
    users = tx.run("load/sealed_users", key=f"{keyring.current}.")
    for user in users:
        tx.run("load/resealed_user", user=user["id"], secrets=resealed(keyring, user))


def _page(tx: Transaction, after: str, keyring: Keyring) -> list[tuple[str, list[dict[str, str]]]]:
    rows = tx.run("load/sealed", after=after, key=f"{keyring.current}.", size=PAGE)
    return [(row["child"], row["sealed"]) for row in rows]
