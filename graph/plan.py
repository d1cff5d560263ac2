"""What a load will write: its rows held against what the graph has in force. No database here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graph.rows import (
    Batch,
    ChildRow,
    Consent,
    Fault,
    LoadReport,
    Row,
)
from graph.sealing import Keyring

# The edge that a table of rows becomes; children become KNOWN_AS, which has no end.
EDGES = ("areas", "posts", "homes", "involvements", "allocations")
# A query, its list parameter, and the items of it.
Step = tuple[str, str, Sequence[Any]]


class InForce(NamedTuple):
    """The version in force of one record."""

    content: str
    open: bool


@dataclass(frozen=True)
class Live:
    """What the graph has in force of one feed.

    children: key to content; child_ids: record to child's id, of the whole source; edges: per
    table, key to version.
    """

    children: Mapping[str, str]
    child_ids: Mapping[str, str]
    edges: Mapping[str, Mapping[str, InForce]]

    @classmethod
    def of(
        cls,
        feed: str,
        known: Sequence[Mapping[str, Any]],
        live: Mapping[str, Sequence[Mapping[str, Any]]],
    ) -> "Live":
        """From the rows of load/known_children and load/live_*."""
        return cls(
            children={row["key"]: row["content"] for row in known if row["feed"] == feed},
            child_ids={row["record"]: row["child"] for row in known},
            edges={
                table: {row["key"]: InForce(row["content"], row["open"]) for row in rows}
                for table, rows in live.items()
            },
        )


@dataclass
class Plan:
    """What to write, and what was counted on the way.

    child_ids grows as children are written; edges are made only after that. hiding, withdrawn: records
    of children, and keys of consents, that a rejected row asked to hide.
    """

    source: str
    keyring: Keyring
    live: Live
    child_ids: dict[str, str]
    nodes: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    children: list[tuple[str, ChildRow]] = field(default_factory=list)
    edges: dict[str, list[tuple[str, str, Row]]] = field(default_factory=dict)
    ended: dict[str, list[str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    hiding: set[str] = field(default_factory=set)
    withdrawn: list[str] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    _records: dict[str, str] = field(default_factory=dict)

    def record_of(self, child: str) -> str:
        """The token of a child's record in this source, whichever feed names it."""
        record = self._records.get(child)
        if record is None:
            record = self._records[child] = self.keyring.token("child", self.source, child)
        return record

    def hide(self, batch: Batch) -> None:
        """Note what rejected rows asked to hide: children to shield, consents to withdraw."""
        asked = [f for f in (*batch.faults, *self.faults) if f.hides and f.record]
        self.hiding = {self.record_of(f.record or "") for f in asked if f.table == "children"}
        consents = [f for f in asked if f.table == "involvements"]
        self.withdrawn = [key_of(batch, fault, self.keyring) for fault in consents]

    def confirms(self, batch: Batch) -> bool:
        """True where what is open of the feed's involvements is open as of this extract."""
        return batch.full and "involvements" in batch.tables and not blind(batch, "involvements")

    def drops(self) -> Iterator[tuple[str, int, int]]:
        """What would end, of how many that are open: involvements alone, and all together."""
        opened = {t: sum(v.open for v in live.values()) for t, live in self.live.edges.items()}
        ended = {t: len(keys) for t, keys in self.ended.items()}
        yield "involvements", ended.get("involvements", 0), opened.get("involvements", 0)
        yield "records", sum(ended.values()), sum(opened.values())

    @property
    def size(self) -> int:
        """How many nodes and edges are to be written, children aside."""
        parts = (self.nodes, self.edges, self.ended)
        return sum(len(items) for part in parts for items in part.values())

    def steps(self) -> Iterator[Step]:
        """Queries of load/, their parameter and its items, in an order in which they can run."""
        for label, nodes in self.nodes.items():
            yield f"load/{label}", "rows", [{"id": id_, "node": n} for id_, n in nodes.items()]
        # Consents first: a row whose edge is there already is taken for done when a load is repeated.
        said = [(key, row) for key, _, row in self.edges.get("involvements", []) if _says(row)]
        consents = [self._consent(key, row) for key, row in said]
        yield "load/consents", "rows", sorted(consents, key=lambda one: not one["given"])
        for table in EDGES:
            rows = self.edges.get(table, [])
            for name, replaced in ((f"load/replace_{table}", True), (f"load/{table}", False)):
                chosen = [row for row in rows if (row[0] in self.live.edges[table]) is replaced]
                yield name, "rows", [self._edge(table, *row) for row in chosen]
        for table, keys in self.ended.items():
            yield f"load/end_{table}", "keys", keys

    def report(self, batch: Batch, for_review: int, joined: int, seconds: float) -> LoadReport:
        """The counts of this load."""
        faults = [*batch.faults, *self.faults]
        rejected = len({(fault.file, fault.line) for fault in faults})
        return LoadReport(
            source=batch.source,
            feed=batch.feed,
            extracted=batch.extracted,
            read=self.new + self.changed + self.unchanged + rejected,
            new=self.new,
            changed=self.changed,
            unchanged=self.unchanged,
            ended=sum(map(len, self.ended.values())),
            rejected=rejected,
            for_review=for_review,
            joined=joined,
            seconds=seconds,
            faults=faults,
            warnings=[*batch.warnings, *self.warnings],
        )

    def _edge(self, table: str, key: str, content: str, row: Any) -> dict[str, Any]:
        span = row.period
        edge = {"content": content, "from": span.from_, "to": span.to, "to_exact": span.to_exact}
        if table == "allocations":
            edge |= {"service": self._id(row.service), "part": row.part.value}
        return {"key": key, "edge": edge, **self._ends(table, row)}

    def _ends(self, table: str, row: Any) -> dict[str, str]:
        if table == "areas":
            return {
                "service": self._id(row.service.id),
                "authority": row.authority,
            }
        if table == "posts":
            return {
                "practitioner": self._id(row.practitioner.id),
                "service": self._id(row.service),
            }
        child = self.child_ids[self.record_of(row.child)]
        if table == "homes":
            return {"child": child, "authority": row.authority}
        if table == "involvements":
            return {"child": child, "service": self._id(row.service)}
        return {"child": child, "practitioner": self._id(row.practitioner)}

    def _consent(self, key: str, row: Any) -> dict[str, Any]:
        return {
            **self._ends("involvements", row),
            "key": key,
            "given": row.consent is Consent.GIVEN,
        }

    def _id(self, local: str) -> str:
        return f"{self.source}:{local}"


def blind(batch: Batch, table: str) -> bool:
    """True where a rejected row could be any of this table's: then nothing of it is taken for missing."""
    return any(fault.record is None and fault.table in ("", table) for fault in batch.faults)


def key_of(batch: Batch, row: Row | Fault, keyring: Keyring) -> str:
    """The key of a record's version in force, in its feed and table."""
    return keyring.token("record", batch.source, batch.feed, row.table, row.record or "")


def content_of(row: Row, keyring: Keyring) -> str:
    """A keyed hash of what a row says, so that a later extract can be held against it."""
    return keyring.token("content", row.model_dump_json(exclude={"file", "line", "record"}))


def _says(row: Any) -> bool:
    return row.consent is not None
