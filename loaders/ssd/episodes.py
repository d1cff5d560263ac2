"""What an authority does for a child in law: episodes of need and of early help, protection plans."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from graph import (
    AllocationRow,
    InvolvementKind,
    InvolvementRow,
    Period,
    PointerKind,
    PointerRow,
    Row,
)
from loaders import cells
from loaders.days import one_day
from loaders.ssd.cells import code
from loaders.ssd.line import Line, Notes
from loaders.ssd.teams import Teams
from loaders.ssd.workers import Workers


class Episodes:
    """Reads ssd_cin_episodes, ssd_cp_plans and ssd_early_help_episodes."""

    def __init__(self, notes: Notes, teams: Teams, workers: Workers, extracted: date) -> None:
        self._notes, self._teams, self._workers = notes, teams, workers
        self._extracted = extracted

    def read_cin(self, lines: Iterable[Line]) -> Iterator[Row]:
        """Read episodes of need; a referral without further action is an event and leaves nothing."""
        for line in lines:
            if not _yes(line, "cine_referral_nfa"):
                beside = ("allocations", ""), ("pointers", ":by"), ("pointers", ":to")
                tie = self._tie(line, *beside)
                if tie:
                    team = self._teams.find(line, "cine_referral_team")
                    team = team or self._teams.unnamed(line)
                    kind = InvolvementKind.CHILD_IN_NEED
                    yield InvolvementRow(**tie, service=team, kind=kind)
                    yield from self._referred(line, tie, team)
                    yield from _beyond(line, tie)
                    self._notes.warn(line)

    def read_cp(self, lines: Iterable[Line]) -> Iterator[Row]:
        """Read protection plans; one that is another authority's (CPPL011A) is a pointer to it."""
        for line in lines:
            theirs = _yes(line, "cppl_cp_plan_ola")
            tie = self._tie(line, ("pointers", ""))
            if tie and theirs:
                yield PointerRow(**tie, kind=PointerKind.PLAN_OF)
            elif tie:
                team, kind = self._teams.unnamed(line), InvolvementKind.CHILD_PROTECTION
                yield InvolvementRow(**tie, service=team, kind=kind)
            if tie:
                self._notes.warn(line)

    def read_early_help(self, lines: Iterable[Line]) -> Iterator[Row]:
        """Read episodes of early help, each held by its organisation."""
        for line in lines:
            tie = self._tie(line, ("allocations", ""))
            if tie:
                tie["service"] = self._teams.organisation(line, "earl_episode_organisation")
                yield InvolvementRow(**tie, kind=InvolvementKind.EARLY_HELP)
                worker = self._workers.find(line, "earl_episode_worker_id")
                if worker is not None:
                    yield AllocationRow(**tie, practitioner=worker)
                self._notes.warn(line)

    def _referred(self, line: Line, tie: dict[str, Any], team: str) -> Iterator[Row]:
        """Who took the referral, on its day: who works with the child since, ssd_involvements says."""
        period: Period = tie["period"]
        worker = self._workers.find(line, "cine_referral_worker_id")
        if worker is not None and period.from_:
            on = {**tie, "period": one_day(period.from_)}
            yield AllocationRow(**on, service=team, practitioner=worker)

    def _tie(self, line: Line, *beside: tuple[str, str]) -> dict[str, Any]:
        """What every row of an episode says: its record, child and time; empty where it is refused.

        beside: further tables that it could have a row in, and how the records there end.
        """
        own, child, first, last = line.place.table.need
        key, whose = line.ident(own, need=True), line.ident(child, need=True)
        period = line.period(first, last, self._extracted)
        record = key and f"{own[:4]}:{key}"
        if line.wrong:
            others = [(table, record and record + end) for table, end in beside]
            self._notes.refuse(line, [("involvements", record), *others])
            return {}
        where = {"file": line.file, "line": line.number}
        return {"record": record, "child": whose, "period": period, **where}


def _beyond(line: Line, tie: dict[str, Any]) -> Iterator[PointerRow]:
    """What an episode of need says of another authority.

    CIN census (DfE): referral source 5C is another authority, closure reason RC5 a transfer to one.
    """
    period: Period = tie["period"]
    said = (
        ("cine_referral_source_code", "5C", ":by", PointerKind.REFERRED_BY, period.from_),
        ("cine_close_reason", "RC5", ":to", PointerKind.TRANSFERRED_TO, period.to),
    )
    for column, wanted, end, kind, day in said:
        if day and code(line.text(column)) == wanted:
            record = tie["record"] + end
            yield PointerRow(**{**tie, "record": record, "period": one_day(day)}, kind=kind)


def _yes(line: Line, column: str) -> bool:
    try:
        return cells.yes(line.text(column)) or False
    except ValueError as error:
        line.wrong[column] = str(error)
        return False
