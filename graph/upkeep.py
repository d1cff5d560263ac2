"""What is done to the graph beside loading: sources and the built-in authorities."""

from datetime import datetime

from graph.authorities import AuthorityRecord, authorities
from graph.errors import UnknownSource
from graph.model import Period, Source
from graph.rows import UNNAMED, LoadReport
from graph.store import Transaction

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
    """Make the built-in authorities, their codes and names over time, and who succeeded whom.

    What an earlier version wrote is brought up to this one: sources are told apart by whether they send
    for an authority, and areas are listed.
    """
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
    tx.run("load/nationals")
    tx.run("load/listed")
