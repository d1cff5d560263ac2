"""How an extract becomes edges: what differs from what is in force is written, and nothing else.

Each step can be stopped and run again: the plan is made anew from what the graph holds, and a record
has one version in force, by constraint.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime
from time import perf_counter
from typing import Any

from dateutil.relativedelta import relativedelta

from graph.access import Permission, Viewer
from graph.ahead import ahead
from graph.children import Chunk, Told, told
from graph.errors import DropTooLarge, LoadStopped, OldExtract, UnknownSource
from graph.hours import LONDON
from graph.layers import Layer, hold, locked, only
from graph.model import LawfulBasis
from graph.pairing import Pairing
from graph.plan import CHILDREN, CHUNK, EDGE_OF, Plan, Step, fitting
from graph.planning import compare, crowded, decide, placeholders, read_rows, strange_withdrawals
from graph.rematch import count_names, is_due, read_frequencies
from graph.rows import Batch, LoadReport
from graph.sealing import Keyring
from graph.spool import room, uncollected
from graph.store import Store, Transaction
from graph.withdrawal import withdraw

MOST_ENDED = 0.2
WITHDRAWN = 500
COUNTS = {
    "read",
    "new",
    "changed",
    "unchanged",
    "ended",
    "rejected",
    "for_review",
    "joined",
    "involvements",
    "unnamed",
}


class Loading:
    """One load of one batch, for one viewer."""

    permission = Permission.LOAD

    def __init__(
        self,
        store: Store,
        keyring: Keyring,
        batch: Batch,
        viewer: Viewer,
        clock: Callable[[], datetime],
        progress: Callable[[str, int, int], None],
    ) -> None:
        self._store = store
        self._keyring = keyring
        self._batch = batch
        self._viewer = viewer
        self._clock = clock
        self._progress = progress
        self._id = uuid.uuid4().hex
        self._feed = f"{batch.source}/{batch.feed}"
        self._size = CHILDREN
        self._kept_from = date.min
        self._on_consent = False

    def run(self, accept_drop: bool) -> LoadReport:
        """Plan, guard, write, and leave the load record.

        Raises UnknownSource, OldExtract and DropTooLarge before anything is written.
        """
        started = perf_counter()
        authority, layer = self._store.within(self._registered)
        with room(), closing(read_rows(self._batch, layer, authority)) as plan:
            self._store.within(lambda tx: self._plan(tx, plan), seconds=600)
            odd = strange_withdrawals(plan, self._batch)
            if not accept_drop:
                self._guard(plan)
            self._store.within(lambda tx: self._begin(tx, plan))
            if plan.taken_back:
                taken = {name: said for name, said in plan.counts.items() if name == "withdrawals"}
                self._take_back(plan)
                self._store.within(lambda tx: self._plan(tx, plan), seconds=600)
                plan.counts = {**plan.counts, **taken}
            for_review, joined = self._write_children(plan)
            self._write_tables(plan)
            plan.warnings += odd
            seconds = perf_counter() - started
            report = plan.report(self._batch, for_review=for_review, joined=joined, seconds=seconds)
            self._store.within(lambda tx: self._finish(tx, report, plan))
        if self._store.within(is_due):
            count_names(self._store, self._keyring, self._clock, self._progress)
        return report

    def _plan(self, tx: Transaction, plan: Plan) -> None:
        said = {"feed": self._feed, "extracted": self._batch.extracted}
        live = ((table, tx.stream(f"load/live_{edge}", **said)) for table, edge in EDGE_OF.items())
        compare(
            plan,
            self._batch,
            tx.stream(
                "load/known_children", source=self._batch.source, extracted=said["extracted"]
            ),
            live,
        )
        decide(
            plan,
            self._batch,
            lambda services, practitioners: self._there(tx, services, practitioners),
            self._kept_from,
            self._on_consent,
        )

    def _there(self, tx: Transaction, services: list[str], practitioners: list[str]) -> set[str]:
        rows = tx.run("load/known_workplaces", services=services, practitioners=practitioners)
        return {row["id"] for row in rows}

    def _guard(self, plan: Plan) -> None:
        for what, ended, opened in plan.drops():
            if opened and ended / opened > MOST_ENDED:
                raise DropTooLarge(
                    f"This extract would end {ended} of the {opened} {what} that "
                    f"{self._batch.source} has open, more than {MOST_ENDED:.0%}. Nothing was written. "
                    "If the extract is whole, load it again with --accept-drop."
                )

    def _take_back(self, plan: Plan) -> None:
        said = {"keyring": self._keyring, "source": self._batch.source, "feed": self._feed}
        for start in range(0, len(plan.taken_back), WITHDRAWN):
            now, records = self._clock(), plan.taken_back[start : start + WITHDRAWN]
            self._store.within(
                lambda tx, r=records, n=now: self._withdraw(tx, plan, records=r, now=n, **said), 300
            )
            self._progress("withdrawals", start + len(records), len(plan.taken_back))

    def _withdraw(self, tx: Transaction, plan: Plan, **said: Any) -> None:
        withdraw(tx, **said)
        self._hold(tx, plan)

    def _hold(self, tx: Transaction, plan: Plan) -> None:
        """Show that the load goes on; raises KeysChanging where its tokens are not those of the graph."""
        [row] = tx.run("load/goes_on", load=self._id, now=self._clock())
        hold(plan.layer, row["live"])

    def _write_children(self, plan: Plan) -> tuple[int, int]:
        """Match and write the children of the batch; return how many pairs wait, and are joined."""
        review = joined = 0
        count = 0
        day = self._batch.extracted
        chunks = plan.chunks_of_children(lambda: self._size)
        chunks = ([told(row, plan, day) for row in rows] for rows in chunks)
        with ahead(chunks) as ready:
            for rows in ready:
                started = perf_counter()
                with uncollected():
                    ids, turn = self._store.within(
                        lambda tx, r=rows: self._children(tx, plan, r), 300
                    )
                self._size = fitting(len(rows), perf_counter() - started)
                plan.spool.know(ids.items())
                for one in rows:
                    plan.warnings += placeholders(one.row)
                    if ids[one.record] in turn.crowded:
                        plan.warnings.append(crowded(one.row))
                review, joined = review + turn.opened, joined + turn.joined
                count += len(rows)
                self._progress("children", count, plan.children)
        return review, joined

    def _children(
        self, tx: Transaction, plan: Plan, rows: Sequence[Told]
    ) -> tuple[dict[str, str], Pairing]:
        """Write some children; return record to child, and how they were paired."""
        locked(tx, self._keyring, self._clock())
        self._hold(tx, plan)
        chunk = Chunk(rows, plan)
        now = self._clock()
        chunk.write(tx, lambda rows: self._write(tx, [("load/children", "rows", rows)], now), now)
        turn = self._pairing(tx, plan)
        parted = [(one["old"], one["new"]) for one in chunk.parted]
        # Who takes over a record takes over its shielding, which only the graph knows.
        moved = {new for _, new in parted}
        fresh = {child: said for child, said in chunk.fresh.items() if child not in moved}
        turn.run({*chunk.ids.values(), *(old for old, _ in parted)}, parted, fresh)
        return chunk.ids, turn

    def _pairing(self, tx: Transaction, plan: Plan) -> Pairing:
        return Pairing(tx, plan.layer, read_frequencies(tx, self._keyring), self._clock())

    def _write_tables(self, plan: Plan) -> None:
        """Write all but the children, up to CHUNK rows in a transaction, over tables where they fit."""
        done, total = 0, plan.edges
        with ahead(_groups(plan.steps())) as ready:
            for group in ready:
                self._store.within(lambda tx, g=group: self._write_group(tx, plan, g), 120)
                done += sum(len(items) for _, _, items in group)
                self._progress("edges", min(done, total), total)

    def _write_group(self, tx: Transaction, plan: Plan, group: Sequence[Step]) -> None:
        self._hold(tx, plan)
        self._write(tx, group, self._clock())

    def _write(self, tx: Transaction, group: Sequence[Step], now: datetime) -> None:
        said = {
            "source": self._batch.source,
            "feed": self._feed,
            "extracted": self._batch.extracted,
            "now": now,
        }
        for name, items, values in group:
            wanted = self._store.queries[name].params
            tx.run(name, **{items: values}, **{k: v for k, v in said.items() if k in wanted})

    def _registered(self, tx: Transaction) -> tuple[str | None, Layer]:
        """The source's authority, and how tokens are made.

        Raises UnknownSource, KeysChanging, or OldExtract for a snapshot out of turn.
        """
        source, extracted = self._batch.source, self._batch.extracted
        found = tx.run("load/registered", source=source, feed=self._feed)
        if not found:
            raise UnknownSource(
                f"No source {source} is registered. "
                f"Register it first: signpost source add {source} --help"
            )
        if extracted > self._clock().astimezone(LONDON).date():
            raise LoadStopped(f"The date {extracted} is in the future. Nothing was written.")
        last = found[0]["last_full"]
        if self._batch.full and last and extracted < last:
            raise OldExtract(
                f"A snapshot of {last} from {source} was begun already, and this one is of {extracted}: "
                "it would undo what is newer. Nothing was written. To add from it, use --partial."
            )
        today = self._clock().astimezone(LONDON).date()
        years = found[0]["keep_years"]
        self._kept_from = date.min if years is None else today - relativedelta(years=years)
        self._on_consent = found[0]["basis"] == LawfulBasis.CONSENT
        return found[0]["authority"], only(self._keyring, found[0]["live"])

    def _begin(self, tx: Transaction, plan: Plan) -> None:
        """Leave the mark of the load, and hide at once what a rejected row asked to hide."""
        hold(plan.layer, [locked(tx, self._keyring, self._clock()).key])
        known = [child for child in map(plan.spool.child, plan.hiding) if child]
        if known:
            tx.run("load/hide", children=known)
            self._pairing(tx, plan).run(known)
        if plan.withdrawn:
            tx.run("load/end_consents", rows=plan.unconsented(), now=self._clock())
        tx.run(
            "load/begun",
            source=self._batch.source,
            feed=self._feed,
            extracted=self._batch.extracted,
            full=self._batch.full,
            now=self._clock(),
            load={"id": self._id, "user": self._viewer.id},
        )

    def _finish(self, tx: Transaction, report: LoadReport, plan: Plan) -> None:
        self._hold(tx, plan)
        tx.run(
            "load/finished",
            feed=self._feed,
            extracted=self._batch.extracted,
            now=self._clock(),
            confirms=plan.confirms(self._batch),
            id=self._id,
            counts={**report.model_dump(include=COUNTS), "warnings": len(report.warnings)},
            unread=report.unread,
        )


def _groups(steps: Iterable[Step]) -> Iterator[list[Step]]:
    """The same steps in the same order, cut and gathered to at most CHUNK items a group."""
    group: list[Step] = []
    room = CHUNK
    for name, what, items in steps:
        start = 0
        while start < len(items):
            part = items[start : start + room]
            group.append((name, what, part))
            start, room = start + len(part), room - len(part)
            if not room:
                yield group
                group, room = [], CHUNK
    if group:
        yield group
