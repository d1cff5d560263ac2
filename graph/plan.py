"""What a load will write: its rows held against what the graph has in force. No database here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graph.references import Known, References
from graph.rows import (
    TABLES,
    Batch,
    ChildRow,
    Consent,
    Fault,
    LoadReport,
    PractitionerRow,
    Row,
    ServiceRow,
)
from graph.sealing import Keyring

# The edge that a table of rows becomes; children become KNOWN_AS, which has no end.
EDGES = ("areas", "posts", "homes", "involvements", "allocations")
_EDGE_OF = {"services": "areas", "practitioners": "posts"}
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

    child_ids grows as children are written; edges are made only after that.
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

    def hidden(self, batch: Batch) -> tuple[list[str], list[str]]:
        """Known children whom a rejected row would shield, and keys of consents it would withdraw."""
        asked = [fault for fault in batch.faults if fault.hides and fault.record]
        records = [self.record_of(f.record or "") for f in asked if f.table == "children"]
        keys = [key_of(batch, f, self.keyring) for f in asked if f.table == "involvements"]
        return [self.child_ids[r] for r in records if r in self.child_ids], keys

    def confirms(self, batch: Batch) -> bool:
        """True where what is open of the feed's involvements is open as of this extract."""
        return batch.full and "involvements" in batch.tables and not _blind(batch, "involvements")

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

    def report(self, batch: Batch, for_review: int, seconds: float) -> LoadReport:
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
            seconds=seconds,
            faults=faults,
            warnings=batch.warnings,
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


def make_plan(batch: Batch, keyring: Keyring, authority: str, live: Live, known: Known) -> Plan:
    """Hold every row of a batch against what is in force.

    authority: the source's own; known: says which of these ids of services and of practitioners the
    graph has already.
    """
    plan = Plan(batch.source, keyring, live, dict(live.child_ids))
    references = References(batch, known, lambda child: plan.record_of(child) in plan.child_ids)
    seen: dict[str, set[str]] = {table: set() for table in TABLES}
    for row in _resolved(batch, authority):
        key = key_of(batch, row, keyring)
        sentence = references.fault(row)
        if key in seen[row.table]:
            sentence = "repeats the id of another row of this table"
        if sentence:
            plan.faults.append(_fault(row, sentence))
        else:
            _place(plan, key, row)
        seen[row.table].add(key)
    if batch.full:
        _miss(plan, batch, seen)
    return plan


def _resolved(batch: Batch, authority: str) -> Iterator[Row]:
    """Every row; a service without an authority gets the source's own, so that a change of it shows."""
    for row in batch.rows():
        if isinstance(row, ServiceRow) and row.authority is None:
            row = row.model_copy(update={"authority": authority})
        yield row


def _fault(row: Row, sentence: str) -> Fault:
    return Fault(
        file=row.file, line=row.line, sentence=sentence, table=row.table, record=row.record
    )


def _place(plan: Plan, key: str, row: Row) -> None:
    content = content_of(row, plan.keyring)
    edge = _EDGE_OF.get(row.table, row.table)
    if isinstance(row, ChildRow):
        before = plan.live.children.get(key)
    else:
        version = plan.live.edges[edge].get(key)
        before = version.content if version else None
    if before == content:
        plan.unchanged += 1
        return
    plan.new, plan.changed = plan.new + (before is None), plan.changed + (before is not None)
    if isinstance(row, ChildRow):
        plan.children.append((key, row))
        return
    plan.edges.setdefault(edge, []).append((key, content, row))
    if isinstance(row, ServiceRow):
        _place_node(plan, "services", row.service.model_dump(mode="python"))
    elif isinstance(row, PractitionerRow):
        _place_node(plan, "practitioners", row.practitioner.model_dump(mode="python"))


def _place_node(plan: Plan, label: str, node: dict[str, Any]) -> None:
    id_ = f"{plan.source}:{node['id']}"
    nodes = plan.nodes.setdefault(label, {})
    if nodes.get(id_, {}).get("sensitive"):
        node["sensitive"] = True
    nodes[id_] = {**node, "id": id_, "source": plan.source}


def _miss(plan: Plan, batch: Batch, seen: Mapping[str, set[str]]) -> None:
    """What is open and was not sent has ended; a rejected row was sent, and is not missing."""
    for table in set(batch.tables) - {"children"}:
        if _blind(batch, table):
            continue
        held = {key_of(batch, f, plan.keyring) for f in batch.faults if f.table == table}
        edge = _EDGE_OF.get(table, table)
        sent = seen[table] | held
        missing = [k for k, v in plan.live.edges[edge].items() if v.open and k not in sent]
        if missing:
            plan.ended[edge] = missing


def _blind(batch: Batch, table: str) -> bool:
    """True where a rejected row could be any of this table's: then nothing of it is taken for missing."""
    return any(fault.record is None and fault.table in ("", table) for fault in batch.faults)


def key_of(batch: Batch, row: Row | Fault, keyring: Keyring) -> str:
    """The key of a record's version in force, in its feed and table."""
    return keyring.token("record", batch.source, batch.feed, row.table, row.record or "")


def _says(row: Any) -> bool:
    return row.consent is not None


def content_of(row: Row, keyring: Keyring) -> str:
    """A keyed hash of what a row says, so that a later extract can be held against it."""
    return keyring.token("content", row.model_dump_json(exclude={"file", "line", "record"}))
