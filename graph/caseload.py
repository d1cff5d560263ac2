"""The caseload: with which children a user's service works now, and what changed since their last visit."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from graph.access import Permission
from graph.asking import Asking
from graph.changes import Change, changes_of
from graph.hours import LONDON
from graph.keeping import CHANGES_FOR
from graph.map_rows import identities_of
from graph.model import Identity, Model
from graph.questions import Question

MOST = 200
# A load writes for minutes under one instant: who looked meanwhile saw nothing of it yet.
_SLACK = timedelta(minutes=10)


class CaseloadChild(Model):
    """A child with whom the service works.

    name: None where no source says it; since: when the service began, as far as it is known; workers: who
    of it is named for the child; changes: the latest first.
    """

    handle: str
    name: str | None
    since: date | None
    workers: Sequence[str] = ()
    changes: Sequence[Change] = ()


class CaseloadList(Model):
    """The children with whom a service works, those first with whom something changed.

    service: its name, None where none is known; since: from when on changes are told; visited: that is
    when the user last looked; more, more_changed: how many children are not listed, and with how many of
    them something changed.
    """

    service: str | None
    since: datetime
    visited: bool
    today: date
    children: Sequence[CaseloadChild] = ()
    more: int = 0
    more_changed: int = 0

    @property
    def shown(self) -> int:
        """How many children; for the access record."""
        return len(self.children)


class CaseloadCount(Model):
    """With how many children a service works, and with how many of them something changed since when."""

    since: datetime
    children: int = 0
    changed: int = 0

    @property
    def shown(self) -> int:
        """How many children were counted; for the access record."""
        return self.children


class Visit(NamedTuple):
    """When a user last saw their caseload, or the longest ago that counts; and their service's name."""

    service: str | None
    since: datetime
    visited: bool


class Case(NamedTuple):
    """A child of a caseload by its id, since when, and what changed."""

    child: str
    since: date | None
    changes: Sequence[Change]


class Caseload(Question[CaseloadList]):
    """With which children does my service work, and what changed since I last looked?"""

    permission = Permission.SEE_CASELOAD
    chooses = True

    def candidates(self, asking: Asking) -> list[str]:
        """At most 200 of them, those first with whom something changed."""
        asking.cases.update({one.child: one for one in _cases(asking, _visit(asking))})
        return list(asking.cases)[:MOST]

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> CaseloadList:
        """Those whom the viewer may know, in the order in which they were found."""
        visit = _visit(asking)
        rows = asking.transaction.run(
            "ask/caseload",
            children=[child for child, shielded in children.items() if not shielded],
            service=asking.viewer.service,
            today=asking.today,
            clearance=asking.clearance,
        )
        said = {row["child"]: row for row in rows}
        listed = [
            _listed(asking, one, said[id_]) for id_, one in asking.cases.items() if id_ in said
        ]
        asking.chosen.extend(id_ for id_ in asking.cases if id_ in said)
        unlisted = [one for id_, one in asking.cases.items() if id_ not in said]
        return CaseloadList(
            service=visit.service,
            since=visit.since,
            visited=visit.visited,
            today=asking.today,
            children=listed,
            more=len(unlisted),
            more_changed=sum(bool(one.changes) for one in unlisted),
        )


class CaseloadNews(Question[CaseloadCount]):
    """With how many children does my service work, and with how many did something change?"""

    permission = Permission.SEE_CASELOAD
    seconds = 4  # the start page waits for it

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> CaseloadCount:
        """Counts of the list that `Caseload` gives today, and nobody of it."""
        visit = _visit(asking)
        cases = _cases(asking, visit)
        changed = sum(bool(one.changes) for one in cases)
        return CaseloadCount(since=visit.since, children=len(cases), changed=changed)


def _visit(asking: Asking) -> Visit:
    """The last one before today, so that whoever looks twice a day sees the same twice."""
    before = datetime.combine(asking.today, time(), LONDON)
    earliest = datetime.combine(asking.today - CHANGES_FOR, time(), LONDON)
    [row] = asking.transaction.run(
        "ask/last_visit",
        user=asking.viewer.id,
        service=asking.viewer.service,
        earliest=earliest,
        before=before,
        clearance=asking.clearance,
    )
    return Visit(row["service"], row["at"] or earliest, row["at"] is not None)


def _cases(asking: Asking, visit: Visit) -> list[Case]:
    """All of them, those first with whom something changed: the one place that says what has."""
    since = visit.since - _SLACK if visit.visited else visit.since
    rows = asking.transaction.run(
        "find/caseload",
        service=asking.viewer.service,
        since=since,
        since_day=since.astimezone(LONDON).date(),
        today=asking.today,
        clearance=asking.clearance,
    )
    found = [Case(row["child"], row["from"], changes_of(row)) for row in rows]
    return sorted(found, key=_order, reverse=True)


def _order(case: Case) -> tuple[bool, date, date, str]:
    latest = max((one.day or date.min for one in case.changes), default=date.min)
    return bool(case.changes), latest, case.since or date.min, case.child


def _listed(asking: Asking, case: Case, row: Mapping[str, Any]) -> CaseloadChild:
    known = identities_of(row["identities"], asking.keyring)
    return CaseloadChild(
        handle=asking.handle(case.child),
        name=_name(known[0]) if known else None,
        since=case.since,
        workers=row["workers"],
        changes=case.changes,
    )


def _name(identity: Identity) -> str | None:
    return " ".join(filter(None, (identity.given_name, identity.family_name))) or None
