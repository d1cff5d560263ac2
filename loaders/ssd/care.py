"""Periods of care, merged from the episodes of ssd_cla_episodes; never where a child was placed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from graph import InvolvementKind, InvolvementRow, PointerKind, PointerRow, Row
from loaders.days import between, one_day
from loaders.ssd.cells import code
from loaders.ssd.find import Place
from loaders.ssd.line import Line, Notes
from loaders.ssd.teams import Teams

# A period of care by its own id; by the child alone where the extract gives none.
Key = tuple[str, str | None]
_WAITS = "waits for another episode of care of the same child, whose row was refused"


class Episode(NamedTuple):
    """One episode: where it stands, its days, since when the child is in care, whether taken over."""

    start: date
    end: date | None
    entered: date | None
    taken_over: bool
    place: Place
    number: int


class Care:
    """Takes episodes one by one, and makes periods of care of them at the end.

    Reason ceased E3 is another authority that took the care over (SSDA903, DfE).
    """

    def __init__(self, notes: Notes, teams: Teams, extracted: date) -> None:
        self._notes, self._teams, self._extracted = notes, teams, extracted
        self._episodes: dict[Key, list[Episode]] = defaultdict(list)
        self._refused: set[str] = set()

    def read(self, lines: Iterable[Line]) -> Iterator[Row]:
        """Read ssd_cla_episodes; its rows come from `rest`."""
        for line in lines:
            self._take(line)
        yield from ()

    def rest(self) -> Iterator[Row]:
        """The periods of care; those of a child of whom an episode was refused wait for it.

        One with an id ends as the episode does that began last, since earlier ones may be left open.
        """
        for (child, care), episodes in self._episodes.items():
            episodes.sort(key=lambda one: (one.start, one.end or date.max, one.number))
            for period in [episodes] if care else _apart(episodes):
                record = f"clae:{care or f'{child}:{period[0].start}'}"
                if self._refused.isdisjoint((child, record)):
                    last = period[-1] if care else max(reversed(period), key=_until)
                    yield from self._rows(child, record, period, last)
                else:
                    self._hold_back(record, period)

    def _take(self, line: Line) -> None:
        line.ident("clae_cla_episode_id", need=True)
        child = line.ident("clae_person_id", need=True)
        care = line.ident("clae_cla_id")
        period = line.period(
            "clae_cla_episode_start_date", "clae_cla_episode_ceased_date", self._extracted
        )
        entered = line.day("clae_entered_care_date")
        if period.from_ is None:
            line.wrong.setdefault("clae_cla_episode_start_date", "is missing")
        if child is None or period.from_ is None or line.wrong:
            self._refuse(line, child, care)
            return
        taken_over = code(line.text("clae_cla_episode_ceased_reason")) == "E3"
        said = Episode(period.from_, period.to, entered, taken_over, line.place, line.number)
        self._episodes[child, care].append(said)
        self._notes.warn(line)

    def _refuse(self, line: Line, child: str | None, care: str | None) -> None:
        record = care and f"clae:{care}"
        taken_over = record and f"{record}:taken"
        self._notes.refuse(line, [("involvements", record), ("pointers", taken_over)])
        self._refused |= {one for one in (child, record) if one}

    def _hold_back(self, record: str, period: Sequence[Episode]) -> None:
        for episode in period:
            line = Line(episode.place, episode.number, (), {})
            self._notes.wait(line, _WAITS, "involvements", record)
            self._notes.wait(line, _WAITS, "pointers", f"{record}:taken")

    def _rows(
        self, child: str, record: str, period: Sequence[Episode], last: Episode
    ) -> Iterator[Row]:
        """One period, which ends as its last episode does."""
        first = period[0]
        line = Line(first.place, first.number, (), {})
        start = min([first.start, *(one.entered for one in period if one.entered)])
        tie = {"child": child, "file": line.file, "line": line.number}
        yield InvolvementRow(
            **tie,
            record=record,
            service=self._teams.unnamed(line),
            period=between(start, last.end),
            kind=InvolvementKind.LOOKED_AFTER,
        )
        if last.taken_over and last.end:
            kind, day = PointerKind.CARE_TAKEN_OVER, one_day(last.end)
            yield PointerRow(**tie, record=f"{record}:taken", kind=kind, period=day)


def _apart(episodes: Sequence[Episode]) -> Iterator[list[Episode]]:
    """The episodes of a child without ids, in periods: a gap of a day or more parts them."""
    period: list[Episode] = []
    until = date.max
    for episode in episodes:
        if period and episode.start > until:
            yield period
            period = []
        until = max(until, _until(episode)) if period else _until(episode)
        period.append(episode)
    yield period


def _until(episode: Episode) -> date:
    return episode.end or date.max
