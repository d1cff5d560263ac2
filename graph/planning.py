"""How a plan is made: each row of a batch kept, then held against the others and what is in force."""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing
from datetime import date
from typing import Any

from graph.drafting import WITHDRAWN, Draft, Drafting, whole_of
from graph.layers import Layer
from graph.naming import is_placeholder
from graph.pairing import MOST_ALIKE
from graph.plan import EDGE_OF, Plan, blind, chunked, hold_faults, key_of
from graph.rows import Batch, ChildRow, Fault, LoadReport
from graph.sealing import Keyring
from graph.spool import Said, room

Rows = Iterable[Mapping[str, Any]]
# Which of these ids of services and of practitioners the graph has already.
Known = Callable[[list[str], list[str]], set[str]]

_OF_SERVICE = ("practitioners", "parents", "successors", "involvements", "allocations")
_OF_CHILD = ("homes", "involvements", "allocations", "pointers")
_OTHER = ("parents", "successors")
_REPEATS = "repeats the id of "
_WITHDRAWN = "not loaded, because this extract takes everything back of their children"
_STRANGE = "withdrawals took nothing back, since the source names nobody by their id (any more); look at it"
_PAST = "not loaded, because they ended longer ago than this source keeps"
_OLDER = "not loaded, because a later extract said otherwise of the same records"
_NO_SERVICE = "names a service that is not in this extract, or whose own row was rejected"
_NO_PRACTITIONER = "names a practitioner who is not in this extract, or whose own row was rejected"
_UNLESS = "; it is taken if an earlier extract of the source told it"
_NO_CHILD = "names a child who is not in this extract, or whose own row was rejected"
_STRAYS = (_NO_SERVICE, _NO_PRACTITIONER, _NO_CHILD)


def read_rows(batch: Batch, layer: Layer, authority: str | None) -> Plan:
    """Read every row of a batch, and keep it; nothing of the graph is needed yet.

    authority: the source's own. Raises BadInput where the file cannot be read to its end.
    """
    plan = Plan(batch.source, layer)
    with closing(_waiting(plan, batch, Drafting(batch.extracted, authority))) as waiting:
        plan.spool.put(waiting)
    plan.spool.refuse_repeats(_REPEATS)
    held = [f for f in batch.faults if f.table and f.record is not None]
    plan.spool.hold((fault.table, key_of(batch, fault, layer)) for fault in held)
    return plan


def _waiting(plan: Plan, batch: Batch, drafting: Drafting) -> Generator[Said]:
    for draft in batch.each(drafting):
        yield _said(plan, batch, draft)
        hold_faults(batch.faults)
    hold_faults(batch.faults)


def compare(plan: Plan, batch: Batch, known: Rows, live: Iterable[tuple[str, Rows]]) -> None:
    """Note what the graph has in force: children of the source, and edges of the feed by table."""
    spool = plan.spool
    spool.forget()
    feed = f"{batch.source}/{batch.feed}"
    for page in chunked(known):
        spool.know((row["record"], row["child"]) for row in page)
        spool.live(
            "children", ({**row, "open": row["stale"]} for row in page if row["feed"] == feed)
        )
    for table, rows in live:
        spool.live(table, rows)


def decide(
    plan: Plan, batch: Batch, known: Known, kept_from: date = date.min, on_consent: bool = False
) -> None:
    """Refuse rows that point to nothing, count the rest, and find out what has ended.

    kept_from: the source keeps nothing that ended before this day. on_consent: it shares on consent, so
    that one which is withdrawn takes back all that it said of the child.
    """
    plan.spool.take_back(WITHDRAWN if on_consent else None)
    _refuse_strays(plan, known)
    plan.faults = [_fault(table, said, whole) for table, said, whole in plan.spool.faults()]
    hold_faults(plan.faults)
    plan.hide(batch)
    plan.taken_back = list(plan.spool.withdrawn())
    skipped = (
        (plan.spool.skip_older(), _OLDER),
        (plan.spool.skip_withdrawn(), _WITHDRAWN),
        (plan.spool.skip_past(_OF_CHILD, kept_from.isoformat()), _PAST),
    )
    plan.warnings = [
        Fault(file=batch.feed, line=1, sentence=f"rows {said}: {count:,}")
        for count, said in skipped
        if count
    ]
    plan.counts = plan.spool.counts()
    tables = set(batch.tables) & set(EDGE_OF) if batch.full else set()
    plan.ending = [table for table in EDGE_OF if table in tables and not blind(batch, table)]


def check(batch: Batch, authority: str | None = None) -> LoadReport:
    """Read an extract and say what is wrong with it, by itself and without a database.

    authority: its source's own. Return a report in which good rows are new. What points to nothing in
    it is a warning, since an earlier extract may have told it. Raise BadInput, and LoadStopped where
    the disk is full.
    """
    alone = Keyring.new()
    layer = Layer(alone, alone.current)
    with room(), closing(read_rows(batch, layer, authority)) as plan:
        decide(plan, batch, lambda services, practitioners: set())
        strays = [fault for fault in plan.faults if fault.sentence in _STRAYS]
        plan.faults = [fault for fault in plan.faults if fault.sentence not in _STRAYS]
        told = {sentence: f"{sentence}{_UNLESS}" for sentence in _STRAYS}
        plan.warnings += [one.model_copy(update={"sentence": told[one.sentence]}) for one in strays]
        return plan.report(batch)


def strange_withdrawals(plan: Plan, batch: Batch) -> list[Fault]:
    """A warning where children are taken back whom the source does not name; call it before they are."""
    *_, unknown = plan.counts.get("withdrawals", (0, 0, 0))
    said = f"{_STRANGE}: {unknown:,}"
    return [Fault(file=batch.feed, line=1, sentence=said)] if unknown else []


def placeholders(row: ChildRow) -> Iterator[Fault]:
    """A warning for each name that is what is written where a name is not known."""
    said = "is what is written where a name is not known; nobody is matched on it"
    for column in ("family_name", "given_name"):
        if is_placeholder(getattr(row.identity, column) or ""):
            yield Fault(file=row.file, line=row.line, column=column, sentence=said)


def crowded(row: ChildRow) -> Fault:
    """A warning for a child who looks like so many others that looks tell nothing."""
    said = f"more than {MOST_ALIKE} others look alike: nobody is matched with this child by looks alone"
    return Fault(file=row.file, line=row.line, column="birth_date", sentence=said)


def _refuse_strays(plan: Plan, known: Known) -> None:
    spool, prefix = plan.spool, f"{plan.source}:"

    def look(column: str, tables: tuple[str, ...], own: str) -> None:
        for page in spool.absent(column, tables, own):
            ids = [prefix + one for one in page]
            found = known([], ids) if own == "practitioners" else known(ids, [])
            spool.there(own, (id_.removeprefix(prefix) for id_ in found))

    for column, tables in (("service", _OF_SERVICE), ("other", _OTHER)):
        look(column, tables, "services")
        spool.refuse(_NO_SERVICE, column, tables, "services")
    look("other", ("allocations",), "practitioners")
    spool.refuse(_NO_PRACTITIONER, "other", ("allocations",), "practitioners")
    spool.refuse(_NO_CHILD, "child", _OF_CHILD, "children")


def _said(plan: Plan, batch: Batch, draft: Draft) -> Said:
    """A draft as it waits: what would tell who is meant stands in tokens."""
    return Said(
        draft.table,
        key_of(batch, draft, plan.layer),
        plan.layer.token("content", draft.content),
        plan.record_of(draft.child) if draft.child else None,
        draft.rest,
    )


def _fault(table: str, sentence: str, whole: Any) -> Fault:
    if isinstance(whole, ChildRow):
        whole = {**whole_of(whole), "hides": whole.shielded}
    return Fault(
        file=whole["file"],
        line=whole["line"],
        sentence=sentence,
        table=table,
        record=whole["record"],
        hides=whole.get("hides", False),
        between=whole.get("between"),
    )
