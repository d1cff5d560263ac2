"""When somebody answers: hours of a week in London, weekends, England's bank holidays. Pure functions."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")
ALWAYS, OFFICE = "24/7", "Mo-Fr 09:00-17:00"
_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_SPAN = re.compile(r"(\w\w)(?:-(\w\w))? (\d\d):(\d\d)-(\d\d):(\d\d)")
_AHEAD = 14  # days that are looked through for the next opening


class Span(NamedTuple):
    """From when to when somebody is there, in London; `closes` may be on the next day."""

    opens: datetime
    closes: datetime


@lru_cache
def bank_holidays(year: int) -> frozenset[date]:
    """England's bank holidays of one year, from the `holidays` package."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def working_days_after(day: date, days: int) -> date:
    """The day that many working days later: no weekend, no bank holiday of England."""
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5 and day not in bank_holidays(day.year)
    return day


def staffed(hours: str | None, now: datetime) -> bool:
    """True where these hours hold at `now`, in London; unknown hours are Mo-Fr 09:00-17:00.

    hours: as Service.hours, over midnight as 17:00-09:00; a bank holiday is closed but for 24/7.
    """
    return hours == ALWAYS or staffed_until(hours, now) is not None


def staffed_until(hours: str | None, now: datetime) -> datetime | None:
    """Until when somebody is there who is there at `now`; None where nobody is, or always somebody.

    What closes when the next span opens, as at midnight, goes on.
    """
    if hours == ALWAYS:
        return None
    local, until = now.astimezone(LONDON), None
    if local.date() in bank_holidays(local.year):
        return None
    for span in _spans(hours, local.date() - timedelta(days=1)):
        if span.opens <= (until or local) < span.closes:
            until = span.closes
    return until


def opens_next(hours: str | None, now: datetime) -> datetime | None:
    """When somebody is there again; None where always somebody is, or nobody within two weeks."""
    if hours == ALWAYS:
        return None
    local = now.astimezone(LONDON)
    found = (span.opens for span in _spans(hours, local.date()) if span.opens > local)
    return next(found, None)


@lru_cache(256)  # a map asks for each of its services, and most of them keep the same hours
def _spans(hours: str | None, first: date) -> tuple[Span, ...]:
    """Spans that open on this day or later, in their order; none of them on a bank holiday."""
    said = [span.groups() for span in _SPAN.finditer(hours or OFFICE)]
    return tuple(_from(first, said))


def _from(first: date, said: list[tuple[str, ...]]) -> Iterator[Span]:
    for n in range(_AHEAD):
        day = first + timedelta(days=n)
        if day not in bank_holidays(day.year):
            on_day = (_span(day, *clock) for start, end, *clock in said if _holds(start, end, day))
            yield from sorted(on_day)


def _span(day: date, *clock: str) -> Span:
    opens, closes = (time(int(clock[i]) % 24, int(clock[i + 1])) for i in (0, 2))
    later = day if closes > opens else day + timedelta(days=1)
    return Span(datetime.combine(day, opens, LONDON), datetime.combine(later, closes, LONDON))


def _holds(start: str, end: str | None, day: date) -> bool:
    first, last = _DAYS.index(start), _DAYS.index(end or start)
    here = day.weekday()
    return first <= here <= last if first <= last else here >= first or here <= last
