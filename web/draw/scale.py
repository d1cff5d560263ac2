"""Days as places from left to right, in hundredths of a picture's width."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

# What is left free on either side, and how near to today's mark no other one is written.
MARGIN, NEAR = 3.0, 20.0
_SHORTEST = timedelta(days=180)
_MOST_YEARS, _MOST_MONTHS = 6, 4
_STEPS_IN_MONTHS = (1, 3, 6, 12)


@dataclass(frozen=True)
class Mark:
    """A day that is written at the picture's edge; at: its place."""

    at: float
    text: str


@dataclass(frozen=True)
class Scale:
    """The days that a picture shows, from the first to the last."""

    first: date
    last: date

    @classmethod
    def over(cls, days: Iterable[date | None], today: date) -> "Scale":
        """One that holds all of these days and today, and half a year at least."""
        known = [today, *(day for day in days if day)]
        last = max(known)
        return cls(min(*known, last - _SHORTEST), last)

    def at(self, day: date) -> float:
        """The place of a day; one that lies outside stands at the edge."""
        inside = min(max(day, self.first), self.last)
        share = (inside - self.first) / (self.last - self.first)
        return round(MARGIN + share * (100 - 2 * MARGIN), 2)

    def marks(self, today: date) -> list[Mark]:
        """Beginnings of years, or of months where there are few, and none of them near to today."""
        here = self.at(today)
        found = [Mark(self.at(day), text) for day, text in self._beginnings()]
        return [mark for mark in found if abs(mark.at - here) >= NEAR]

    def _beginnings(self) -> Iterator[tuple[date, str]]:
        years = self.last.year - self.first.year
        step = self._months() if years <= 2 else 12 * -(-years // _MOST_YEARS)
        day = date(self.first.year, 1, 1)
        while day <= self.last:
            if day >= self.first:
                yield day, f"{day.year}" if step >= 12 else f"{day:%b %Y}"
            day += relativedelta(months=step)

    def _months(self) -> int:
        """Months from one mark to the next, so that there are not many."""
        span = (self.last - self.first).days / 30
        return next((step for step in _STEPS_IN_MONTHS if span / step <= _MOST_MONTHS), 12)
