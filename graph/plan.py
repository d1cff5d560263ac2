"""What a load will write: its rows held against what the graph has in force. No database here."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any

from graph.drafting import GIVEN, WITHDRAWN, Draft
from graph.errors import BadInput
from graph.layers import Layer
from graph.rows import Batch, Fault, LoadReport
from graph.spool import Differing, Spool

# The edge that a table of rows becomes; children become KNOWN_AS, which has no end.
EDGE_OF = {
    "services": "areas",
    "practitioners": "posts",
    "parents": "parents",
    "successors": "successors",
    "homes": "homes",
    "involvements": "involvements",
    "allocations": "allocations",
    "pointers": "pointers",
}
CHUNK = 5_000
# Of children in one transaction: the first ones, and how many at least and at most. All who stand near them
# are in memory meanwhile, and it holds the lock, for which whoever shields a child waits, some HELD seconds.
CHILDREN, FEWEST, MOST = 1_000, 250, 4_000
HELD = 3.0
MOST_FAULTS = 100_000
# A query, its list parameter, and the items of it, at most CHUNK.
Step = tuple[str, str, Sequence[Any]]


@dataclass
class Plan:
    """What to write, and what was counted on the way.

    hiding: records of children that a rejected row asked to hide; withdrawn: consents that one asked to
    withdraw, each with its key, and the child's record and the service where they could be read.
    taken_back: records of children of whom the source takes all back.
    """

    source: str
    layer: Layer
    spool: Spool = field(default_factory=Spool)
    counts: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    ending: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    hiding: set[str] = field(default_factory=set)
    withdrawn: list[tuple[str, str | None, str | None]] = field(default_factory=list)
    taken_back: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        # Rows of one child stand together, or in tables too long to be kept.
        make = lru_cache(maxsize=2_000)(self.layer.token)
        self.record_of = lambda child: make("child", self.source, child)

    def close(self) -> None:
        """Let the rows go."""
        self.spool.close()

    def hide(self, batch: Batch) -> None:
        """Note what rejected rows asked to hide: children to shield, consents to withdraw."""
        asked = [f for f in (*batch.faults, *self.faults) if f.hides and f.record]
        self.hiding = {self.record_of(f.record or "") for f in asked if f.table == "children"}
        consents = [f for f in asked if f.table == "involvements"]
        self.withdrawn = [self._withdrawn(batch, fault) for fault in consents]

    def unconsented(self) -> list[dict[str, str | None]]:
        """The consents that rejected rows asked to withdraw, as rows for load/end_consents."""
        return [
            {"key": key, "child": record and self.spool.child(record), "service": service}
            for key, record, service in self.withdrawn
        ]

    def confirms(self, batch: Batch) -> bool:
        """True where what is open of the feed's involvements is open as of this extract."""
        return batch.full and "involvements" in batch.tables and not blind(batch, "involvements")

    def drops(self) -> Iterator[tuple[str, int, int]]:
        """What would end, of how many that are open: involvements alone, and all together."""
        ended = {table: self.spool.count_missing(table) for table in self.ending}
        opened = {table: self.spool.open(table) for table in EDGE_OF}
        yield "involvements", ended.get("involvements", 0), opened["involvements"]
        yield "records", sum(ended.values()), sum(opened.values())

    @property
    def children(self) -> int:
        """How many children are to be written."""
        new, changed, _ = self.counts.get("children", (0, 0, 0))
        return new + changed

    @property
    def edges(self) -> int:
        """How many edges are to be written, or ended."""
        written = sum(sum(said[:2]) for table, said in self.counts.items() if table in EDGE_OF)
        return written + sum(map(self.spool.count_missing, self.ending))

    def chunks_of_children(self, size: Callable[[], int]) -> Iterator[list[Differing]]:
        """The children to write, those first who are shielded, so that no copy is seen before.

        size: says before each chunk how many to take.
        """
        return chunked(self.spool.differing("children"), size)

    def steps(self) -> Iterator[Step]:
        """Queries of load/, their parameter and its items, in an order in which they can run.

        Consents come before involvements: a row whose edge is there is taken for done when a load is
        repeated.
        """
        for table in ("services", "practitioners"):
            nodes = {}
            for row in self.spool.differing(table):
                self._place_node(nodes, row)
            yield from _cut(f"load/{table}", "rows", nodes.values())
        withdrawing = map(self._consent, self.spool.withdrawing(WITHDRAWN))
        yield from _cut("load/end_consents", "rows", withdrawing)
        barred = {(one["child"], one["service"]) for one in self.unconsented()}
        giving = map(self._consent, self.spool.giving(GIVEN, WITHDRAWN))
        free = (one for one in giving if (one["child"], one["service"]) not in barred)
        yield from _cut("load/consents", "rows", free)
        for table, edge in EDGE_OF.items():
            for name, known in ((f"load/replace_{edge}", True), (f"load/{edge}", False)):
                rows = (self._edge(table, row) for row in self.spool.differing(table, known))
                yield from _cut(name, "rows", rows)
        yield from _cut("load/still_said", "keys", self.spool.still_said())
        for table in self.ending:
            yield from _cut(f"load/end_{EDGE_OF[table]}", "keys", self.spool.missing(table))

    def report(self, batch: Batch, **more: Any) -> LoadReport:
        """The counts of this load."""
        faults = [*batch.faults, *self.faults]
        involvements, unnamed = self.spool.open_involvements()
        rejected = len({(fault.file, fault.line) for fault in faults})
        new, changed, unchanged = (sum(said[n] for said in self.counts.values()) for n in range(3))
        return LoadReport(
            source=batch.source,
            feed=batch.feed,
            extracted=batch.extracted,
            read=new + changed + unchanged + rejected,
            new=new,
            changed=changed,
            unchanged=unchanged,
            ended=sum(map(self.spool.count_missing, self.ending)),
            rejected=rejected,
            tables={table: sum(said) for table, said in self.counts.items()},
            involvements=involvements,
            unnamed=unnamed,
            unread=batch.kept_unread(),
            faults=faults,
            warnings=[*batch.warnings, *self.warnings],
            **more,
        )

    def _place_node(self, nodes: dict[str, Any], row: Differing) -> None:
        node = row.whole["node"]
        id_ = self._id(node["id"])
        if id_ in nodes and nodes[id_]["node"].get("sensitive"):
            node = {**node, "sensitive": True}
        said = {name: value for name, value in node.items() if value is not None}
        nodes[id_] = {"id": id_, "node": {**said, "id": id_, "source": self.source}}

    def _edge(self, table: str, row: Differing) -> dict[str, Any]:
        edge = {"content": row.content, **row.whole["edge"]}
        if table == "allocations":
            edge["service"] = self._id(row.service)
        return {"key": row.key, "edge": edge, **self._ends(table, row)}

    def _ends(self, table: str, row: Differing) -> dict[str, str | None]:
        if table == "services":
            return {"service": self._id(row.service), "authority": row.other}
        if table == "practitioners":
            return {"practitioner": self._id(row.other), "service": self._id(row.service)}
        if table in ("parents", "successors"):
            return {"service": self._id(row.service), table[:-1]: self._id(row.other)}
        if table in ("homes", "pointers"):
            return {"child": row.child, "authority": row.other}
        if table == "involvements":
            return {"child": row.child, "service": self._id(row.service)}
        return {"child": row.child, "practitioner": self._id(row.other)}

    def _withdrawn(self, batch: Batch, fault: Fault) -> tuple[str, str | None, str | None]:
        key = key_of(batch, fault, self.layer)
        if fault.between is None:
            return key, None, None
        child, service = fault.between
        return key, self.record_of(child), self._id(service)

    def _consent(self, row: Differing) -> dict[str, Any]:
        return {**self._ends("involvements", row), "key": row.key, **row.whole["consent"]}

    def _id(self, local: str | None) -> str:
        return f"{self.source}:{local}"


def fitting(children: int, seconds: float) -> int:
    """How many children the next transaction may take, where one of so many took so long."""
    return max(FEWEST, min(MOST, int(children * HELD / max(seconds, 0.001))))


def chunked(rows: Iterable[Any], most: Callable[[], int] = lambda: CHUNK) -> Iterator[list[Any]]:
    """The same in lists of at most so many; `most` is asked before each."""
    rows = iter(rows)
    while chunk := list(islice(rows, most())):
        yield chunk


def _cut(name: str, what: str, rows: Iterable[Any]) -> Iterator[Step]:
    for chunk in chunked(rows):
        yield name, what, chunk


def hold_faults(faults: Sequence[Fault]) -> None:
    """Raise BadInput where so many rows cannot be taken that the file must be another."""
    if len(faults) > MOST_FAULTS:
        raise BadInput(
            f"More than {MOST_FAULTS:,} rows cannot be taken, the first of them: {faults[0]}. Nothing "
            "was written. Look at how the file was made, and load it again."
        )


def blind(batch: Batch, table: str) -> bool:
    """True where a rejected row could be any of this table's: then nothing of it is taken for missing."""
    return any(fault.record is None and fault.table in ("", table) for fault in batch.faults)


def key_of(batch: Batch, said: Fault | Draft, layer: Layer) -> str:
    """The key of a record's version in force, in its feed and table."""
    return layer.token("record", batch.source, batch.feed, said.table, said.record or "")
