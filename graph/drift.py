"""What a feed's last load did, held against its own earlier ones. Pure functions."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from statistics import median
from typing import Any

from pydantic import Field

from graph.model import Model
from graph.unread import unread_news

# More than these is drift: of rows, of the share rejected, of the share without a named worker.
MOST_CHANGE = 0.2
MOST_REJECTED = 0.05
MOST_UNNAMED = 0.1


class LoadLine(Model):
    """One load, in rows.

    full: whether it was a snapshot. finished_at: None where it has not finished. warnings: None where
    the load did not count them, as involvements (those that are open) and unnamed (those of them for
    which no worker is named). unread: what stands in the extract and is not read; None where the load
    did not keep it.
    """

    extracted: date
    full: bool = True
    began_at: datetime
    finished_at: datetime | None = None
    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    ended: int = 0
    rejected: int = 0
    for_review: int = 0
    warnings: int | None = None
    involvements: int | None = None
    unnamed: int | None = None
    unread: frozenset[str] | None = Field(default=None, exclude=True, repr=False)

    @property
    def rejected_share(self) -> float:
        """The share of what was read that was rejected."""
        return self.rejected / self.read if self.read else 0.0

    @property
    def unnamed_share(self) -> float | None:
        """The share of open involvements for which no worker is named; None where there is none."""
        if not self.involvements or self.unnamed is None:
            return None
        return self.unnamed / self.involvements


class Usual(Model):
    """Medians of a feed's extracts before the one of `of`; None where none of them counted it."""

    of: date
    extracts: int
    read: float
    rejected_share: float
    unnamed_share: float | None
    warnings: float | None


class FeedReport(Model):
    """One kind of file that a source sends.

    last: the last load that finished. usual: of the extracts before it; None for the first one.
    drift: sentences on what is not as usual. stopped: loads that have not finished, and for which
    no later load made up.
    """

    kind: str
    last_extract: date | None
    last: LoadLine | None = None
    usual: Usual | None = None
    drift: Sequence[str] = ()
    stopped: Sequence[LoadLine] = ()


def feed_report(row: Mapping[str, Any]) -> FeedReport:
    """A feed from its row: id, last_extract, the properties of its loads, and what they left unread."""
    lines = [_line(load, row["unread"]) for load in row["loads"]]
    lines.sort(key=lambda one: one.began_at)
    finished = sorted(filter(lambda one: one.finished_at, lines), key=_when, reverse=True)
    compared, earlier = _history(finished)
    usual = _usual(compared, earlier) if compared and earlier else None
    began = {(one.extracted, one.full): one for one in lines if not one.finished_at}
    return FeedReport(
        kind=row["id"].partition("/")[2],
        last_extract=row["last_extract"],
        last=finished[0] if finished else None,
        usual=usual,
        drift=_drift(compared, usual, earlier) if compared and usual else (),
        stopped=[one for one in began.values() if not _made_up(one, finished)],
    )


def _line(load: Mapping[str, Any], unread: Sequence[Sequence[str]]) -> LoadLine:
    """A load from its properties, of which `unread` is a place in the feed's lists; most are alike."""
    at = load["unread"]
    known = {name: value for name, value in load.items() if name in LoadLine.model_fields}
    return LoadLine(**{**known, "unread": None if at is None else unread[at]})


def _when(line: LoadLine) -> datetime:
    return line.finished_at or line.began_at


def _history(finished: Sequence[LoadLine]) -> tuple[LoadLine | None, list[LoadLine]]:
    """The load that is held against the others, and for each earlier extract its last load.

    A partial load, as of repaired rejects, is held against nothing where there are snapshots.
    """
    whole = [one for one in finished if one.full] or finished
    if not whole:
        return None, []
    last = max(whole, key=lambda one: (one.extracted, _when(one)))
    earlier = {one.extracted: one for one in reversed(whole) if one.extracted < last.extracted}
    return last, list(earlier.values())


def _usual(last: LoadLine, earlier: Sequence[LoadLine]) -> Usual:
    return Usual(
        of=last.extracted,
        extracts=len(earlier),
        read=median(one.read for one in earlier),
        rejected_share=median(one.rejected_share for one in earlier),
        unnamed_share=_median(one.unnamed_share for one in earlier),
        warnings=_median(one.warnings for one in earlier),
    )


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None


def _drift(last: LoadLine, usual: Usual, earlier: Sequence[LoadLine]) -> list[str]:
    said = (_fewer(last, usual), _rejects(last, usual), _unnamed(last, usual), _warned(last, usual))
    return [*filter(None, said), *_unread(last, earlier)]


def _unread(last: LoadLine, earlier: Sequence[LoadLine]) -> Iterable[str]:
    before = [one.unread for one in earlier if one.unread is not None]
    return unread_news(last.unread, before) if last.unread is not None and before else ()


def _fewer(last: LoadLine, usual: Usual) -> str:
    change = last.read / usual.read - 1 if usual.read else float(bool(last.read))
    if abs(change) <= MOST_CHANGE:
        return ""
    word = "fewer" if change < 0 else "more"
    return f"{abs(change):.0%} {word} rows than usual: {last.read:,}, usually {usual.read:,.0f}."


def _rejects(last: LoadLine, usual: Usual) -> str:
    now, before = last.rejected_share, usual.rejected_share
    more = now - before > MOST_REJECTED
    return f"{now:.0%} of the rows were rejected, usually {before:.0%}." if more else ""


def _unnamed(last: LoadLine, usual: Usual) -> str:
    now, before = last.unnamed_share, usual.unnamed_share
    if now is None or before is None or now - before <= MOST_UNNAMED:
        return ""
    return f"No worker is named for {now:.0%} of open involvements, usually for {before:.0%}."


def _warned(last: LoadLine, usual: Usual) -> str:
    if last.warnings is None or usual.warnings is None or last.warnings <= usual.warnings:
        return ""
    many = "1 warning" if last.warnings == 1 else f"{last.warnings:,} warnings"
    return f"{many}, usually {usual.warnings:,.0f}."


def _made_up(stopped: LoadLine, finished: Iterable[LoadLine]) -> bool:
    """Whether a later load of the same extract, or of a newer one, did what this one began."""
    return any(
        one.began_at > stopped.began_at
        and one.extracted >= stopped.extracted
        and (one.full or not stopped.full)
        for one in finished
    )
