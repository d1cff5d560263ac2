"""Service episodes: involvements and allocations, one to one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from graph import (
    Agency,
    AllocationRow,
    ChangeReason,
    Consent,
    InvolvementKind,
    InvolvementRow,
    Part,
    Period,
    Row,
)
from loaders.cells import record_id
from loaders.episodes.directory import Directory
from loaders.episodes.index import Index, subjects
from loaders.episodes.node import Node, day, only_named, only_objects, own, period, span, text
from loaders.episodes.words import KINDS, OWN, PARTS


@dataclass
class Episode:
    """What an episode says: its id, whom it is about, which services, when, and who works there."""

    id: str
    children: list[str]
    services: list[str]
    period: Period
    workers: list[tuple[str, Mapping[str, Any]]]


Records = list[tuple[str, str | None]]
"""Tables and record ids of the rows for which an episode stands, None where they cannot be told."""


def episode_of(node: Node, index: Index) -> tuple[Episode | None, Records]:
    """Read an episode.

    Return it, None where something is wrong, which the node then says; and the records of its rows.
    """
    person, service = index.names["Person"].find, index.names["Service"].find
    id_ = node.take("identifier", _id)
    children = node.take("subjectPerson", lambda _: _all(map(person, subjects(node))))
    services = node.take("relatedService", lambda value: _all(map(service, only_named(value))))
    when = node.take("timeInformation", lambda value: _when(node, value))
    workers = node.take("relatedProfessional", lambda value: list(_workers(value, index)))
    records: Records = [("involvements", None)]
    if id_ and children and services:
        records = [("involvements", _mark(id_, c, s)) for c in children for s in services]
    if node.says.get("relatedProfessional"):
        # Their posts, too, where only an episode implies them.
        records += [("allocations", None), ("practitioners", None)]
    if node.wrong or not (id_ and children and services and when) or workers is None:
        return None, records
    return Episode(id_, children, services, when, workers), records


def _mark(id_: str, *parts: object) -> str:
    """The record id of one of the rows for which an episode stands."""
    said = "\n".join(str(part or "") for part in parts)
    return f"{id_}/{sha256(said.encode(errors='replace')).hexdigest()[:12]}"


def rows_of(node: Node, episode: Episode, directory: Directory) -> Iterator[Row]:
    """The rows of an episode. What is wrong with its own properties the node says, and then gives none."""
    kind, consent = _kind(node), node.take(f"{OWN}consent", _consent)
    until, agencies = node.take(f"{OWN}consentUntil", day), node.take(f"{OWN}consentFor", _agencies)
    if (until or agencies) and consent is not Consent.GIVEN:
        node.note(f"{OWN}consent", "is not given, but how far it goes", spared=False)
    made = [
        tie for child in episode.children for tie in _allocations(node, episode, directory, child)
    ]
    if node.wrong:
        return
    for child in episode.children if own(node.says, "involvement") is not False else ():
        for service in episode.services:
            yield InvolvementRow(
                record=_mark(episode.id, child, service),
                child=child,
                service=service,
                period=episode.period,
                kind=kind,
                consent=consent,
                consent_until=until,
                consent_for=agencies or (),
                file=node.file,
                line=node.line,
            )
    for tie in made:
        yield from directory.implied(tie.practitioner, tie.service)
        yield tie


def hides(node: Node) -> bool:
    """True where an episode withdraws a consent, or may narrow it: anything but what gives one counts."""
    narrows = any(own(node.says, name) is not None for name in ("consentUntil", "consentFor"))
    return narrows or own(node.says, "consent") not in (None, Consent.GIVEN.value)


def _id(value: Any) -> str:
    return record_id(only_named(value)[0].value)


def _all(found: Iterator[str]) -> list[str]:
    once = list(dict.fromkeys(found))
    if not once:
        raise ValueError("is missing, or names nobody whom it is about")
    return once


def _when(node: Node, value: Any) -> Period:
    """From the first start to the last end; open where one of them has no end."""
    timings = only_objects(value)
    if not timings:
        node.note("timeInformation", "is missing", spared=True)
    starts = [day(one.get("startDateTime")) for one in timings]
    ends = [day(one.get("endDateTime")) for one in timings]
    since = [one for one in starts if one]
    until = [one for one in ends if one]
    return period(
        min(since) if since and len(since) == len(starts) else None,
        max(until) if until and len(until) == len(ends) else None,
        own(node.says, "endExact") is not False,
    )


def _workers(value: Any, index: Index) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Professionals who work with the child; whoever refers, informs or witnesses does not."""
    for one in only_objects(value):
        if own(one, "part") or text(one.get("involvement")) in (None, *PARTS):
            who = only_named(one.get("professional"))[0]
            yield index.names["Professional"].find(who), one


def _kind(node: Node) -> InvolvementKind | None:
    told = own(node.says, "kind")
    if told is not None:
        return node.take(f"{OWN}kind", _told_kind)
    codes = node.codes()
    return next((kind for code, kind in KINDS.items() if code in codes), None)


def _told_kind(value: Any) -> InvolvementKind:
    if value not in list(InvolvementKind):
        raise ValueError("is no kind of involvement that is known")
    return InvolvementKind(value)


def _consent(value: Any) -> Consent | None:
    if value is not None and value not in list(Consent):
        raise ValueError("is neither given nor withdrawn")
    return value and Consent(value)


def _agencies(value: Any) -> tuple[Agency, ...]:
    if value is not None and not isinstance(value, list):
        raise ValueError("is not a list of agencies")
    if not all(one in list(Agency) for one in value or ()):
        raise ValueError(f"names what is none of {', '.join(Agency)}")
    return tuple(map(Agency, value or ()))


def _allocations(
    node: Node, episode: Episode, directory: Directory, child: str
) -> Iterator[AllocationRow]:
    for who, one in episode.workers:
        service = node.take(
            "relatedProfessional", lambda _, w=who: directory.at(w, episode.services)
        )
        part, when, reason = _terms(node, one, episode.period)
        if service is None:
            continue
        yield AllocationRow(
            record=_record(episode, child, service, who, one),
            child=child,
            practitioner=who,
            service=service,
            part=part,
            period=when,
            change_reason=reason,
            file=node.file,
            line=node.line,
        )


def _record(episode: Episode, child: str, service: str, who: str, one: Mapping[str, Any]) -> str:
    """By the identifier of our own, else by who works with whom in which part."""
    told = text(own(one, "identifier"))
    part = own(one, "part") or text(one.get("involvement"))
    parts = (told,) if told else (who, part, own(one, "startDate"))
    return _mark(episode.id, child, service, *parts)


def _terms(
    node: Node, one: Mapping[str, Any], episode: Period
) -> tuple[Part, Period, ChangeReason | None]:
    """Part, time and reason of change; the standard tells no time: at the latest it ends with the episode."""
    told = own(one, "part")
    try:
        if told is not None:
            reason = own(one, "changeReason")
            return Part(told), span(one), ChangeReason(reason) if reason else None
    except ValueError:
        node.note("relatedProfessional", "says a part, a time or a reason that cannot be", False)
    part = PARTS.get(text(one.get("involvement")) or "", Part.ALLOCATED_WORKER)
    return part, period(None, episode.to, exact=False), None
