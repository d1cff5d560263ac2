"""From episodes to times: periods of care, stays in a home, stays with another authority's carers.

Codes: DfE, "Children looked after by local authorities in England, technical specification".
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby, pairwise

from graph import Period
from loaders.days import between
from loaders.ssda903.line import Line

CONTINUES, STARTS, TAKEN_OVER = "X1", "S", "E3"
# REC: why an episode ended. E43 and E44 to 2018, E45 to E48 since.
ENDS = {
    "E11", "E12", "E2", "E3", "E4A", "E4B", "E13", "E41", "E43", "E44", "E45", "E46", "E47", "E48",
    "E5", "E6", "E7", "E8", "E9", "E14", "E15", "E16", "E17",
}  # fmt: skip
# LS: legal status, read only to tell agreed short breaks (V3, V4), which are not full care.
SHORT_BREAKS = {"V3", "V4"}
LEGAL = {"C1", "C2", "D1", "E1", "V2", "J1", "J2", "J3", "L1", "L2", "L3", *SHORT_BREAKS}
# PLACE: secure and other children's homes, supported accommodation (H5 to 2024, K3 since).
HOMES = {"K1", "K2", "K3", "H5"}
# PLACE: with adopters, of whom nothing is said.
ADOPTERS = {"A3", "A4", "A5", "A6"}
OTHER_AUTHORITY = "PR2"


@dataclass(frozen=True)
class Episode:
    """One episode of care; exact: False where `end` is the latest that it can be.

    home: Ofsted's number of the home. away: with a carer of another authority.
    """

    line: Line
    start: date
    end: date | None
    rec: str | None
    rne: str | None
    home: str | None
    away: bool
    exact: bool = True

    @property
    def said(self) -> tuple[date, date, str, str, str, bool]:
        """What orders it, and makes another a repeat of it."""
        codes = (self.rec or "", self.rne or "", self.home or "")
        return self.start, self.end or date.max, *codes, self.away


@dataclass(frozen=True)
class Span:
    """A time of one or more episodes; rec: how the last of them, `last`, ended."""

    start: date
    end: date | None
    exact: bool
    rec: str | None
    line: Line
    last: Line

    @property
    def period(self) -> Period:
        """The same as a period."""
        return between(self.start, self.end, self.exact)


def episode(line: Line) -> Episode:
    """Make an episode of a row that holds one."""
    said = line.values
    place = said["PLACE"]
    return Episode(
        line=line,
        start=said["DECOM"],
        end=said["DEC"],
        rec=said["REC"],
        rne=said["RNE"],
        home=said.get("URN") if place in HOMES else None,
        away=said["PLACE_PROVIDER"] == OTHER_AUTHORITY and place not in ADOPTERS,
    )


def settled(episodes: Iterable[Episode]) -> list[Episode]:
    """The episodes of one child in their order, each once, and none open before a later one.

    Of two that begin on one day the open one is an earlier return's word on the other, unless that one
    goes on (X1) on its first day: then the open one is where it went on.
    """
    kept: list[Episode] = []
    for _, same in groupby(sorted(episodes, key=lambda one: one.said), lambda one: one.start):
        group = list({one.said: one for one in same}.values())
        over = any(one.end and (one.end > one.start or one.rec in ENDS) for one in group)
        kept += [one for one in group if one.end] if over else group
    later = {one.start: one for one in kept}
    starts = sorted(later)
    nexts = dict(pairwise(starts))
    return [_closed(one, later.get(nexts.get(one.start, date.max))) for one in kept]


def _closed(one: Episode, following: Episode | None) -> Episode:
    if one.end or not following:
        return one
    one.line.odd["DEC"] = "is missing, though a later episode begins; it is taken to end by then"
    rec = None if following.rne == STARTS else CONTINUES
    return replace(one, end=following.start, rec=rec, exact=False)


def periods(episodes: list[Episode]) -> list[Span]:
    """Merge settled episodes into periods of care."""
    return list(_merged(episodes, _goes_on))


def stays(episodes: Iterable[Episode]) -> list[Span]:
    """Merge settled episodes of one place that touch."""
    return list(_merged(episodes, _touches))


def _goes_on(span: Span, one: Episode) -> bool:
    if span.end is None or one.start < span.end:
        one.line.odd["DECOM"] = "is before the end of an earlier episode; the two are taken as one"
        return True
    if one.start == span.start:
        return True
    ended = span.rec in ENDS or (span.rec != CONTINUES and one.rne == STARTS)
    return one.start == span.end and not ended


def _touches(span: Span, one: Episode) -> bool:
    return span.end is None or one.start <= span.end


def _merged(episodes: Iterable[Episode], joins: Callable[[Span, Episode], bool]) -> Iterator[Span]:
    span: Span | None = None
    for one in episodes:
        if span and joins(span, one):
            span = _with(span, one)
        else:
            if span:
                yield span
            span = Span(one.start, one.end, one.exact, one.rec, one.line, one.line)
    if span:
        yield span


def _with(span: Span, one: Episode) -> Span:
    if span.end is None or (one.end and one.end < span.end):
        return span
    return replace(span, end=one.end, exact=one.exact, rec=one.rec, last=one.line)
