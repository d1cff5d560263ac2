"""Whom to ring now: by clock, weekend and England's bank holidays. Pure functions."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from graph.answers import Allocation, Contact, ContactKind, Involvement
from graph.hours import LONDON, OFFICE, opens_next, staffed, staffed_until
from graph.model import Agency, Part, Service


def ring_now(involvements: Iterable[Involvement], now: datetime, broker: str) -> list[Contact]:
    """Everyone worth ringing, the best first.

    Open involvements before ended ones; within them a lead professional, then social care, then
    any service that is not withheld, then the latest start. For each: the worker here now, else the
    duty line in hours, else out of hours.
    broker: telephone of the broker line, for sensitive services.
    """
    # An involvement's days are those of England: after midnight in summer it is still yesterday in UTC.
    now = now.astimezone(LONDON)
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
    present = [a for a in involvement.allocations if _present(a, now.date())]
    return [
        Contact(
            kind=ContactKind.WORKER,
            name=a.practitioner.name,
            telephone=a.practitioner.work_phone,
            service=service.name,
            authority=involvement.authority.name,
            note=". ".join(filter(None, (_worker(a), _doubted(involvement, ContactKind.WORKER)))),
            confirmed_on=a.practitioner.confirmed_on,
            service_id=service.id,
            **_hours(service, now),
        )
        for a in sorted(present, key=lambda a: a.part != Part.LEAD_PROFESSIONAL)
        if a.practitioner.work_phone
    ]


def _worker(allocation: Allocation) -> str:
    return f"{allocation.part.value.capitalize()}, {allocation.practitioner.profession.value}"


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
            note=f"{ended}{note} {passed_over} {_doubted(involvement, kind)}".strip(),
            confirmed_on=service.confirmed_on,
            service_id=service.id,
            **{
                **(_hours(service, now) if kind is ContactKind.DUTY else {}),
                "staffed_now": now_staffed,
            },
        )
        for kind, telephone, now_staffed, note in lines
        if telephone and (kind is ContactKind.DUTY or now_staffed)
    ]


def _doubted(involvement: Involvement, kind: ContactKind) -> str:
    """What somebody said against this number."""
    if involvement.doubted_line is not kind or involvement.doubted_on is None:
        return ""
    on = f"{involvement.doubted_on:%-d %B %Y}"
    whose = "a number of this team" if kind is ContactKind.WORKER else "this number"
    return f"On {on} somebody said that {whose} is wrong."


def _hours(service: Service, now: datetime) -> dict[str, Any]:
    """When a service's people are there; hours that its source does not say are those of an office."""
    here = staffed(service.hours, now)
    return {
        "staffed_now": here,
        "hours": service.hours or OFFICE,
        "staffed_until": staffed_until(service.hours, now),
        "opens": None if here else opens_next(service.hours, now),
    }
