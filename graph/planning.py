"""How a plan is made: each row of a batch held against what is in force."""

from collections.abc import Iterator, Mapping
from typing import Any

from graph.naming import is_placeholder
from graph.plan import Live, Plan, blind, content_of, key_of
from graph.references import Known, References
from graph.rows import (
    TABLES,
    Batch,
    ChildRow,
    Consent,
    Fault,
    InvolvementRow,
    PractitionerRow,
    Row,
    ServiceRow,
)
from graph.sealing import Keyring

_EDGE_OF = {"services": "areas", "practitioners": "posts"}


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
    plan.hide(batch)
    # Whoever is shielded comes first, so that no copy is written and seen before.
    plan.children.sort(key=lambda one: not one[1].shielded)
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
    shields = isinstance(row, ChildRow) and row.shielded
    withdraws = isinstance(row, InvolvementRow) and row.consent is Consent.WITHDRAWN
    return Fault(
        file=row.file,
        line=row.line,
        sentence=sentence,
        table=row.table,
        record=row.record,
        hides=shields or withdraws,
    )


def _placeholders(row: ChildRow) -> Iterator[Fault]:
    """A warning for each name that is what is written where a name is not known."""
    said = "is what is written where a name is not known; nobody is matched on it"
    for column in ("family_name", "given_name"):
        if is_placeholder(getattr(row.identity, column) or ""):
            yield Fault(file=row.file, line=row.line, column=column, sentence=said)


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
        plan.warnings += _placeholders(row)
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
        if blind(batch, table):
            continue
        held = {key_of(batch, f, plan.keyring) for f in batch.faults if f.table == table}
        edge = _EDGE_OF.get(table, table)
        sent = seen[table] | held
        missing = [k for k, v in plan.live.edges[edge].items() if v.open and k not in sent]
        if missing:
            plan.ended[edge] = missing
