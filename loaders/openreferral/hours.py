"""From the schedules of a service to its opening hours, as "Mo-Fr 09:00-17:00; Sa 10:00-12:00"."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from loaders import days
from loaders.cells import words

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ALL_DAY = ("00:00", "24:00")
_LONGEST = 120
_CLOCK = re.compile(
    r"(?:\d{4}-\d\d-\d\d)?T?(\d\d?):([0-5]\d)(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII
)


def day(value: Any) -> date | None:
    """A day as directories write it: 2026-03-04 or 04/03/2026, with or without a time.

    Return it; None where there is none, and in 1900 or before. Raise ValueError where it is no day.
    """
    text = re.sub(r"(?<=\d)[T ].*", "", words(value))
    return days.day(text, days.ISO, days.DMY, ancient=True)


def hours(schedules: Iterable[dict[str, Any]], on: date) -> str | None:
    """Put the weekly schedules that hold on a day into one line.

    Return it; None where there is none. Raise ValueError with a sentence where one cannot be read: half
    of the hours would say that nobody answers when somebody does.
    """
    open_on: dict[tuple[str, str], set[int]] = defaultdict(set)
    for schedule in schedules:
        if _weekly(schedule) and _holds(schedule, on):
            open_on[_span(schedule)] |= _days(schedule)
    if len(open_on[_ALL_DAY]) == len(_DAYS):
        return "24/7"
    text = "; ".join(_lines(open_on))
    if len(text) > _LONGEST:
        raise ValueError("is more than one line can say")
    return text or None


def _weekly(schedule: dict[str, Any]) -> bool:
    """True for what comes back every week or day, and has times."""
    times = {schedule.get("opens_at"), schedule.get("closes_at")}
    if times <= {None, ""}:
        return False
    if not times.isdisjoint({None, ""}):
        raise ValueError("has an opening without a closing, or the other way round")
    often = str(schedule.get("freq") or "week").casefold()
    return often.startswith(("week", "day", "dai")) and str(schedule.get("interval") or 1) in (
        "1",
        "1.0",
    )


def _holds(schedule: dict[str, Any], on: date) -> bool:
    first, last = day(schedule.get("valid_from")), day(schedule.get("valid_to"))
    return (first is None or first <= on) and (last is None or on <= last)


def _span(schedule: dict[str, Any]) -> tuple[str, str]:
    """Opening and closing; midnight to midnight may as well mean that nobody filled it in."""
    opens, closes = (_clock(schedule[key]) for key in ("opens_at", "closes_at"))
    if opens in (closes, "24:00"):
        raise ValueError("has an opening that is also the closing")
    return opens, "24:00" if closes in ("00:00", "23:59") else closes


def _clock(value: Any) -> str:
    """A time of day as it stands on the clock there; an offset is left away."""
    found = _CLOCK.fullmatch(str(value).strip())
    text = f"{int(found[1]):02}:{found[2]}" if found else ""
    if not found or text > "24:00":
        raise ValueError("has a time that is none, as 09:00")
    return text


def _days(schedule: dict[str, Any]) -> set[int]:
    if str(schedule.get("freq") or "").casefold().startswith("da"):
        return set(range(len(_DAYS)))
    said = str(schedule.get("byday") or schedule.get("weekday") or "")
    found = [_day_of(word) for word in re.findall(r"[^\s,;]+", said.casefold())]
    if not found:
        raise ValueError("has no day of the week")
    return set(found)


def _day_of(word: str) -> int:
    """A day as TH, Thursday or 4."""
    if re.fullmatch(r"[1-7]", word):
        return int(word) - 1
    found = [number for number, name in enumerate(_NAMES) if name.startswith(word)]
    if len(word) < 2 or len(found) != 1:
        raise ValueError("has a day of the week that is none, as MO")
    return found[0]


def _lines(open_on: dict[tuple[str, str], set[int]]) -> Iterator[str]:
    spans = [(first, last, clock) for clock, days in open_on.items() for first, last in _runs(days)]
    for first, last, (opens, closes) in sorted(spans, key=lambda span: (span[0], span[2])):
        days = _DAYS[first] if first == last else f"{_DAYS[first]}-{_DAYS[last]}"
        yield f"{days} {opens}-{closes}"


def _runs(days: set[int]) -> Iterator[tuple[int, int]]:
    """Days one after the other, as first and last."""
    for first in sorted(day for day in days if day - 1 not in days):
        last = first
        while last + 1 in days:
            last += 1
        yield first, last
