"""Who sends, who is silent, and whose extracts are not as they were: the question about sources."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from graph.access import Permission
from graph.answers import EVERYWHERE
from graph.areas import NamedAuthority, asked_for, in_force
from graph.asking import Asking
from graph.authorities import authorities
from graph.drift import FeedReport, feed_report
from graph.hours import LONDON
from graph.map_rows import REGISTERS, silent_after
from graph.model import Agency, Authority, LawfulBasis, Model
from graph.questions import Question

# Loads of a feed that are looked at: the last one, and those it is held against.
_MOST = 40


class SourceReport(Model):
    """One source, and what it sent.

    authority: None where it sends for the whole country. age_days: since its last extract; None where
    it never sent. keep_years: how long what has ended stays. silent: it has not sent for twice the time
    in which it should, since its last extract, or since it was registered.
    """

    id: str
    name: str
    authority: Authority | None
    agency: Agency
    basis: LawfulBasis | None
    keep_years: int | None
    every_days: int
    last_extract: date | None
    age_days: int | None
    silent: bool
    feeds: Sequence[FeedReport] = ()

    @property
    def sends_for(self) -> str:
        """The name of the authority for which it sends."""
        return self.authority.name if self.authority else EVERYWHERE

    @property
    def stopped(self) -> bool:
        """True where a load began and never finished, and no later one made up for it."""
        return any(feed.stopped for feed in self.feeds)

    @property
    def drifts(self) -> bool:
        """True where a last load is not as the ones before it."""
        return any(feed.drift for feed in self.feeds)


class SourceList(Model):
    """Sources, silent ones first.

    asked_for: the authority asked for, and its successors; none where all were. without: those of
    them, or of all, for which none sends of children but, where national, for the whole country.
    """

    sources: Sequence[SourceReport] = ()
    asked_for: Sequence[Authority] = ()
    without: Sequence[Authority] = ()
    national: bool = False
    now: datetime

    @property
    def shown(self) -> int:
        """How many sources are shown; for the access record."""
        return len(self.sources)

    @property
    def silent(self) -> list[SourceReport]:
        """The sources that have not sent when they should have."""
        return [source for source in self.sources if source.silent]


class SourceReports(Question[SourceList]):
    """Which sources send, which are silent, and whose last extract is not as the ones before?

    authority: only those that send of children there, or where it went; silent: only silent ones.
    """

    permission = Permission.SEE_SOURCES
    authority: NamedAuthority | None = None
    agency: Agency | None = None
    silent: bool = False

    def asked(self) -> dict[str, Any]:
        """Which sources."""
        agency = self.agency.value if self.agency else None
        return {"authority": self.authority, "agency": agency, "silent": self.silent}

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> SourceList:
        """Silent ones first, then those with a load that stopped, then those that drift."""
        wanted = asked_for(self.authority) if self.authority else []
        rows = asking.transaction.run(
            "report/sources",
            authorities=[one.number for one in wanted] or None,
            agency=self.agency,
            most=_MOST,
            clearance=asking.clearance,
        )
        found = [_report(row, asking) for row in rows]
        sent_for = {one.authority.number for one in found if one.authority and _tells(one)}
        numbers = [one.number for one in wanted] or list(authorities())
        missing = [n for n in numbers if n not in sent_for] if self.agency is None else []
        found = [one for one in found if one.authority or _tells(one) or not wanted]
        shown = [one for one in found if one.silent or not self.silent]
        return SourceList(
            sources=sorted(shown, key=_urgency),
            asked_for=[Authority(number=one.number, name=one.name) for one in wanted],
            without=[
                Authority(number=one.number, name=one.name)
                for one in in_force(missing, asking.today)
            ],
            national=any(one.authority is None and _tells(one) for one in found),
            now=asking.now,
        )


def _urgency(one: SourceReport) -> tuple[bool, bool, bool, str, str]:
    return not one.silent, not one.stopped, not one.drifts, one.sends_for, one.name


def _tells(one: SourceReport) -> bool:
    """Whether it sends of children: not where all that it sends is a register of services.

    Of one for the whole country that is not known before it sends, since most are registers.
    """
    of_children = any(feed.kind not in REGISTERS for feed in one.feeds)
    return of_children or (one.authority is not None and not one.feeds)


def _report(row: Mapping[str, Any], asking: Asking) -> SourceReport:
    extracts = [feed["last_extract"] for feed in row["feeds"] if feed["last_extract"]]
    last = max(extracts, default=None)
    days = (asking.today - last).days if last else None
    waited = days if last else _days_since(row["recorded_at"], asking)
    return SourceReport(
        **{name: row[name] for name in ("id", "name", "authority", "agency", "basis")},
        **{name: row[name] for name in ("keep_years", "every_days")},
        last_extract=last,
        age_days=days,
        silent=silent_after(waited, row["every_days"]),
        feeds=sorted((feed_report(feed) for feed in row["feeds"]), key=lambda feed: feed.kind),
    )


def _days_since(registered: datetime | None, asking: Asking) -> int | None:
    return (asking.today - registered.astimezone(LONDON).date()).days if registered else None
