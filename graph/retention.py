"""What has ended is kept for as long as its source keeps it, and then deleted, page by page."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from dateutil.relativedelta import relativedelta

from graph.erasure import settle
from graph.hours import LONDON
from graph.keeping import ASKED_FOR
from graph.layers import Layer, locked
from graph.model import Model
from graph.rematch import count_names
from graph.sealing import Keyring
from graph.store import Store, Transaction

PAGE = 2_000
BLOCKS = 20_000
SECONDS = 300
_KINDS = {
    "INVOLVED_WITH": "involvements",
    "WORKS_WITH": "allocations",
    "LIVES_IN": "homes",
    "POINTS_TO": "pointers",
    "CONSENTS_TO": "consents",
    "IN_AREA": "areas",
    "PART_OF": "parents",
    "SUCCEEDED_BY": "successors",
}
Counts = Counter[str]


class Retained(Model):
    """What was deleted, or with `dry_run` would be: how many of each, every version counted."""

    dry_run: bool
    deleted: Mapping[str, int]

    @property
    def total(self) -> int:
        """All together."""
        return sum(self.deleted.values())


@dataclass(frozen=True)
class Times:
    """Until when nothing is kept.

    until: a source's id to the first day of which something is kept; silent: feeds of which no extract
    is of that day or later.
    """

    until: Mapping[str, date]
    silent: Sequence[str]

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]], today: date) -> "Times":
        """By what is registered of each source: its years, and when each of its feeds last sent."""
        rows = list(rows)
        until = {row["source"]: today - relativedelta(years=row["years"]) for row in rows}
        feeds = [(row["source"], feed) for row in rows for feed in row["feeds"]]
        last = [(source, one["feed"], one["last_extract"]) for source, one in feeds]
        return cls(until, [feed for source, feed, day in last if day and day < until[source]])

    @property
    def longest(self) -> date:
        """The first day of which any source keeps something."""
        return min(self.until.values())


class _Undone(Exception):
    """Takes back a transaction that was only to be counted."""


@dataclass
class Retention:
    """One run, in transactions of a page each; stopped anywhere, it is run again and does the rest."""

    store: Store
    keyring: Keyring
    clock: Callable[[], datetime]
    progress: Callable[[str, int, int], None]
    dry_run: bool
    deleted: Counts = field(default_factory=Counter)

    def run(self) -> Retained:
        """Delete what is past its time, whoever is left without any, and tokens of nobody.

        Old versions come first, all of them: what is in force says whether their record is past.
        """
        now = self.clock()
        rows = self.store.within(lambda tx: tx.run("load/keep_times"))
        if rows:
            times = Times.of(rows, now.astimezone(LONDON).date())
            if not self.dry_run:
                self._each("children", "child", PAGE, times, self._versions)
            self._each("children", "child", PAGE, times, self._children)
            self._each("practitioners", "practitioner", PAGE, times, self._practitioners)
            self.deleted += self._once(self._asked)
            self._each("services", "service", PAGE, times, self._services)
            self._each("blocks", "token", BLOCKS, times, self._blocks)
        if not self.dry_run:
            # A name that is gone may be among those that were counted.
            count_names(self.store, self.keyring, self.clock, self.progress)
        return Retained(dry_run=self.dry_run, deleted={k: n for k, n in self.deleted.items() if n})

    def _each(
        self,
        what: str,
        name: str,
        size: int,
        times: Times,
        work: Callable[[Transaction, list[str], Times, Layer], Counts],
    ) -> None:
        """Do `work` for each page of `what`, in a transaction of its own, and count."""
        done = 0
        for page in self.store.pages(what, name, size):
            self.deleted += self._once(lambda tx, layer, p=page: work(tx, p, times, layer))
            done += len(page)
            self.progress(f"{what} past their time", done, 0)

    def _once(self, work: Callable[[Transaction, Layer], Counts]) -> Counts:
        """Do it, or only count what would be done."""
        counted: list[Counts] = []

        def unit(tx: Transaction) -> None:
            layer = locked(tx, self.keyring, self.clock())
            counted[:] = [work(tx, layer)]
            if self.dry_run:
                raise _Undone

        with suppress(_Undone):
            self.store.within(unit, SECONDS)
        return counted[0]

    def _versions(self, tx: Transaction, children: list[str], times: Times, layer: Layer) -> Counts:
        said = {"until": times.until, "silent": times.silent}
        return _counted(tx.run("load/retain_versions", children=children, **said))

    def _children(self, tx: Transaction, children: list[str], times: Times, layer: Layer) -> Counts:
        counts = self._versions(tx, children, times, layer)
        said = {"children": children, "until": times.until}
        edges = tx.run("load/retain_edges", silent=times.silent, **said)
        unled = sorted({row["child"] for row in edges if row["kind"] == "INVOLVED_WITH"})
        edges += tx.run("load/retain_consents", spent=unled, **said)
        spent: dict[str, list[str]] = {}
        for row in edges:
            spent.setdefault(row["child"], []).append(row["source"])
        known = tx.run("load/retain_identities", spent=spent, **said)
        [pairs] = tx.run("load/retain_pairs", children=children, day=times.longest)
        counts += _counted(edges)
        counts["identities"] += sum(row["deleted"] for row in known)
        counts["pairs"] += pairs["deleted"]
        changed = [row["child"] for row in known if row["said"] or not row["named"]]
        if changed:
            counts["children"] += settle(tx, layer, changed, self.clock())
        return counts

    def _practitioners(
        self, tx: Transaction, practitioners: list[str], times: Times, layer: Layer
    ) -> Counts:
        said = {"until": times.until, "silent": times.silent}
        [posts] = tx.run("load/retain_posts", practitioners=practitioners, **said)
        [workers] = tx.run("load/retain_practitioners", practitioners=practitioners)
        return Counter(posts=posts["deleted"], practitioners=workers["deleted"])

    def _services(self, tx: Transaction, services: list[str], times: Times, layer: Layer) -> Counts:
        said = {"until": times.until, "silent": times.silent}
        counts = _counted(tx.run("load/retain_areas", services=services, **said))
        [gone] = tx.run("load/retain_services", services=services)
        return counts + Counter(services=gone["deleted"])

    def _asked(self, tx: Transaction, _layer: Layer) -> Counts:
        before = self.clock() - ASKED_FOR
        [gone] = tx.run("load/retain_introductions", before=before)
        [righted] = tx.run("load/retain_corrections", before=before)
        return Counter(introductions=gone["deleted"], corrections=righted["deleted"])

    def _blocks(self, tx: Transaction, tokens: list[str], times: Times, layer: Layer) -> Counts:
        [empty] = tx.run("load/empty_blocks", tokens=tokens)
        return Counter(tokens=empty["deleted"])


def _counted(rows: Iterable[Mapping[str, Any]]) -> Counts:
    counts: Counts = Counter()
    for row in rows:
        counts[_KINDS[row["kind"]]] += row["deleted"]
    return counts
