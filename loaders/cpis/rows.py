"""From plans to children, the services of their authorities, and involvements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from graph import (
    Agency,
    AuthorityRecord,
    ChildRow,
    Fault,
    InvolvementKind,
    InvolvementRow,
    Row,
    ServiceRow,
)
from loaders.cpis.child import Child, child_of
from loaders.cpis.period import changed_at, period_of, start_of
from loaders.cpis.plans import Plan, plans
from loaders.cpis.team import authority_of_team, lines_of
from loaders.fhir import Resource
from loaders.fhir.references import Index
from loaders.fhir.values import text
from loaders.identities import filled
from loaders.services import service

_NEVER = {
    "entered-in-error": "was entered in error, and is left out",
    "draft": "is not in force yet, and is left out",
    "proposed": "is not in force yet, and is left out",
}
_WAITS = "its child waits until the plan is repaired"


@dataclass
class CpisRows:
    """Takes the resources of one Bundle after the other, and holds each child, service and plan once."""

    extracted: date
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    strangers: int = 0
    taken: int = 0
    _waiting: list[Fault] = field(default_factory=list)
    _children: dict[str, ChildRow] = field(default_factory=dict)
    _services: dict[str, ServiceRow] = field(default_factory=dict)
    _plans: dict[str, tuple[datetime, InvolvementRow]] = field(default_factory=dict)

    def take(self, resources: Sequence[Resource]) -> None:
        """Take what the resources of a Bundle say, or all those outside of any."""
        index = Index.of(resources)
        said = plans(resources, index)
        self.strangers += said.strangers
        self.taken += len(said.found) + len(said.orphans)
        for at, column, sentence in said.orphans:
            child = child_of(Plan(at, InvolvementKind.CHILD_PROTECTION), index, self.extracted)
            self._refuse(at, {column: sentence}, None, child)
        for plan in said.found:
            self._plan(plan, index)

    def tables(self, name: str) -> dict[str, Any]:
        """Rows by table, and the faults; `name` is what warnings of the whole name."""
        if self.strangers:
            sentence = (
                f"flags, plans and teams that are not of CP-IS were not read: {self.strangers:,}"
            )
            self.warnings.append(Fault(file=name, line=1, sentence=sentence))
        waiting = [fault for fault in self._waiting if fault.record not in self._children]
        hidden = {fault.record for fault in self._waiting if fault.hides}
        children = [
            row.model_copy(update={"shielded": row.shielded or row.record in hidden})
            for row in self._children.values()
        ]
        return {
            "children": children,
            "services": list(self._services.values()),
            "involvements": [row for _, row in self._plans.values()],
            "faults": [*self.faults, *waiting],
            "warnings": self.warnings,
        }

    def _plan(self, plan: Plan, index: Index) -> None:
        for status in (text(one.data, "status") for one in (plan.at, *plan.flags)):
            if status in _NEVER:
                self._warn(plan.at, "status", _NEVER[status])
                return
        wrong: dict[str, str] = {}
        child = child_of(plan, index, self.extracted)
        if child.wrong:
            wrong["subject"] = child.wrong
        authority = authority_of_team(plan)
        local = self._serve(plan, authority, child.odd) if authority else ""
        start = start_of(plan, self.extracted, wrong, child.odd)
        record = None
        if authority is None:
            wrong["careTeam"] = "names no local authority that is known"
        elif child.record and "period.start" not in wrong:
            record = f"{child.record}/{plan.kind.name}/{start or '-'}/{authority.number}"
        period = period_of(plan, start, wrong)
        if wrong or record is None:
            self._refuse(plan.at, wrong, record, child)
        else:
            where: dict[str, Any] = {"file": plan.at.file, "line": plan.at.line}
            ends = {"child": self._know(child, where), "service": local}
            row = InvolvementRow(record=record, period=period, kind=plan.kind, **ends, **where)
            self._keep(plan, row, child.odd)
        for column, sentence in child.odd.items():
            self._warn(plan.at, column, sentence)

    def _refuse(
        self, at: Resource, wrong: Mapping[str, str], record: str | None, child: Child
    ) -> None:
        self.faults += [
            _fault(at, column, sentence, "involvements", record)
            for column, sentence in wrong.items()
        ]
        waits = _fault(at, "", _WAITS, "children", child.record)
        self._waiting.append(waits.model_copy(update={"hides": child.shielded}))

    def _know(self, child: Child, where: Mapping[str, Any]) -> str:
        """Add the child, or fill in what an earlier plan left open; shielded once is shielded."""
        row = ChildRow(
            record=str(child.record), identity=child.identity, shielded=child.shielded, **where
        )
        if met := self._children.get(row.record):
            was, now = met.identity, child.identity
            if was.birth_date and now.birth_date and was.birth_date != now.birth_date:
                child.odd["birthDate"] = f"differs from {_place(met)}, which is taken"
            shielded = met.shielded or child.shielded
            row = met.model_copy(update={"identity": filled(was, now), "shielded": shielded})
        self._children[row.record] = row
        return row.record

    def _serve(self, plan: Plan, authority: AuthorityRecord, odd: dict[str, str]) -> str:
        """Add the authority's service, or fill in the telephones that an earlier plan left open."""
        duty, out = lines_of(plan, odd)
        if plan.team is None:
            odd["careTeam"] = "points to no team in the file; its name tells the authority"
        base = service(None, Agency.SOCIAL_CARE, authority.number)
        met = self._services.get(base.id)
        held = met.service if met else base
        if met and _differs(duty, held.duty_line, out, held.out_of_hours_line):
            sentence = f"differs from that of the same authority in {_place(met)}, which is taken"
            odd["telecom"] = sentence
        lines = {
            "duty_line": held.duty_line or duty,
            "out_of_hours_line": held.out_of_hours_line or out,
        }
        made = held.model_copy(update=lines)
        self._services[base.id] = ServiceRow(
            record=f"{base.id}/{authority.number}",
            service=made,
            authority=authority.number,
            file=met.file if met else plan.at.file,
            line=met.line if met else plan.at.line,
        )
        return base.id

    def _keep(self, plan: Plan, row: InvolvementRow, odd: dict[str, str]) -> None:
        """Keep the plan; of two that say of the same the later one, or the one that has ended."""
        changed = changed_at(plan)
        met = self._plans.get(row.record)
        if met and met[1].period != row.period:
            odd["period"] = f"differs from the same plan in {_place(met[1])}; the later is taken"
        if not met or (changed, not row.period.open) > (met[0], not met[1].period.open):
            self._plans[row.record] = changed, row

    def _warn(self, at: Resource, column: str, sentence: str) -> None:
        self.warnings.append(_fault(at, column, sentence, "", None))


def _fault(at: Resource, column: str, sentence: str, table: str, record: str | None) -> Fault:
    return Fault(
        file=at.file, line=at.line, column=column, sentence=sentence, table=table, record=record
    )


def _differs(duty: str | None, held: str | None, out: str | None, other: str | None) -> bool:
    pairs = ((duty, held), (out, other))
    return any(now and was and now.replace(" ", "") != was.replace(" ", "") for now, was in pairs)


def _place(row: Row) -> str:
    return f"{row.file}, line {row.line}"
