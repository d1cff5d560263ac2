"""Whom to ring now: by clock, weekend and England's bank holidays. Pure functions."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from graph.answers import Allocation, Contact, ContactKind, Involvement
from graph.model import Agency, Part, Service

LONDON = ZoneInfo("Europe/London")
_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_SPAN = re.compile(r"(\w\w)(?:-(\w\w))? (\d\d):(\d\d)-(\d\d):(\d\d)")


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
    if hours == "24/7":
        return True
    local = now.astimezone(LONDON)
    if local.date() in bank_holidays(local.year):
        return False
    return any(
        _in_span(span.groups(), local) for span in _SPAN.finditer(hours or "Mo-Fr 09:00-17:00")
    )


def _in_span(span: Sequence[str | None], local: datetime) -> bool:
    first, last, *clock = span
    opens, closes = (time(int(str(clock[i])) % 24, int(str(clock[i + 1]))) for i in (0, 2))
    days = (str(first), str(last or first))
    if closes > opens:
        return _on_day(days, local.weekday()) and opens <= local.time() < closes
    begun_today = _on_day(days, local.weekday()) and local.time() >= opens
    return begun_today or (_on_day(days, (local.weekday() - 1) % 7) and local.time() < closes)


def _on_day(days: tuple[str, str], day: int) -> bool:
    start, end = map(_DAYS.index, days)
    return start <= day <= end if start <= end else day >= start or day <= end


def ring_now(involvements: Iterable[Involvement], now: datetime, broker: str) -> list[Contact]:
    """Everyone worth ringing, the best first.

    Open involvements before ended ones; within them a lead professional, then social care, then
    any service that is not withheld, then the latest start. For each: the worker here now, else the
    duty line in hours, else out of hours.
    broker: telephone of the broker line, for sensitive services.
    """
    ranked = sorted(involvements, key=lambda i: _rank(i, now.date()), reverse=True)
    if any(i.period.holds(now.date()) for i in ranked):
        ranked = [i for i in ranked if i.period.holds(now.date())]
    found: list[Contact] = []
    for involvement in ranked:
        for contact in _contacts(involvement, now, broker):
            if (contact.telephone, contact.name) not in {(c.telephone, c.name) for c in found}:
                found.append(contact)
    return sorted(found, key=lambda c: (not c.staffed_now, c.telephone is None))


def _rank(involvement: Involvement, today: date) -> tuple[bool, bool, bool, bool, date]:
    service = involvement.service
    return (
        any(
            a.part == Part.LEAD_PROFESSIONAL and a.left_on is None for a in involvement.allocations
        ),
        service is not None and service.agency == Agency.SOCIAL_CARE,
        service is not None,
        involvement.period.holds(today),
        involvement.period.to or involvement.period.from_ or date.min,
    )


def _contacts(involvement: Involvement, now: datetime, broker: str) -> list[Contact]:
    where = involvement.authority.name
    if involvement.service is None:
        why = "A sensitive service is involved; the broker connects you."
        return [
            Contact(
                kind=ContactKind.BROKER,
                name="Broker line",
                telephone=broker,
                service="A sensitive service",
                authority=where,
                note=why,
            )
        ]
    lines = [*_successors(involvement), *_workers(involvement, involvement.service, now)]
    return [*lines, *_lines(involvement, involvement.service, now, _passed_over(involvement))]


def _successors(involvement: Involvement) -> list[Contact]:
    """Whoever took over the service's work: it may have the record, and the telephone that answers."""
    name = involvement.service.name if involvement.service else ""
    return [
        Contact(
            kind=ContactKind.DUTY,
            name=one.name,
            telephone=one.duty_line,
            service=one.name,
            authority=involvement.authority.name,
            note=f"Took over from {name}" + (f" on {one.since:%-d %B %Y}." if one.since else "."),
        )
        for one in involvement.successors
        if one.duty_line
    ]


def _workers(involvement: Involvement, service: Service, now: datetime) -> list[Contact]:
    here = staffed(service.hours, now)
    present = [a for a in involvement.allocations if _present(a, now.date())]
    return [
        Contact(
            kind=ContactKind.WORKER,
            name=a.practitioner.name,
            telephone=a.practitioner.work_phone,
            service=service.name,
            authority=involvement.authority.name,
            note=f"{a.part.value.capitalize()}, {a.practitioner.profession.value}",
            confirmed_on=a.practitioner.confirmed_on,
            staffed_now=here,
        )
        for a in sorted(present, key=lambda a: a.part != Part.LEAD_PROFESSIONAL)
        if a.practitioner.work_phone
    ]


def _present(allocation: Allocation, today: date) -> bool:
    return allocation.left_on is None and allocation.period.holds(today)


def _passed_over(involvement: Involvement) -> str:
    left = [
        f"{a.practitioner.name} left on {a.left_on:%-d %B %Y}."
        for a in involvement.allocations
        if a.left_on
    ]
    return " ".join(left)


def _lines(
    involvement: Involvement, service: Service, now: datetime, passed_over: str
) -> list[Contact]:
    here = staffed(service.hours, now)
    ended = "" if involvement.period.holds(now.date()) else "Ended; the team may still know. "
    lines = [
        (ContactKind.DUTY, service.duty_line, here, "Staffed now." if here else "Closed now."),
        (ContactKind.OUT_OF_HOURS, service.out_of_hours_line, not here, "Out of hours."),
    ]
    return [
        Contact(
            kind=kind,
            name=f"{service.name}, {kind.value}",
            telephone=telephone,
            service=service.name,
            authority=involvement.authority.name,
            note=f"{ended}{note} {passed_over}".strip(),
            confirmed_on=service.confirmed_on,
            staffed_now=now_staffed,
        )
        for kind, telephone, now_staffed, note in lines
        if telephone and (kind is ContactKind.DUTY or now_staffed)
    ]
