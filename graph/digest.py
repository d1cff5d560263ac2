"""A keyed digest of what a service map shows, so that a replay of it can be held against it.

Only what has versions in the graph is in it, and what follows from that. Left out are the child's
identity, whom to ring, the sources asked, dates of extracts, and what the directory says of services
and workers: of these the graph knows only how they are now.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from graph.answers import Allocation, Handover, Involvement, Pointer, ServiceMap
from graph.model import Period
from graph.sealing import Keyring

_IN_JSON = json.JSONEncoder(sort_keys=True, default=str).encode


def digest_of(keyring: Keyring, shown: ServiceMap) -> str:
    """The digest of a map, whatever the order in which its parts stand; 32 hexadecimal digits."""
    homes = ([home.authority.number, _period(home.period)] for home in shown.homes)
    said = {
        "involvements": _sorted(_involvement(one) for one in shown.involvements),
        "homes": _sorted(homes),
        "handovers": _sorted(_handover(one) for one in shown.handovers),
        "pointers": _sorted(_pointer(one) for one in shown.pointers),
    }
    return keyring.stamp("map", _IN_JSON(said))


def _sorted(parts: Iterable[Any]) -> list[str]:
    return sorted(map(_IN_JSON, parts))


def _involvement(one: Involvement) -> Mapping[str, Any]:
    return {
        "service": one.service and one.service.id,
        "authority": one.authority.number,
        "period": _period(one.period),
        "kind": one.kind,
        "allocations": _sorted(_allocation(allocation) for allocation in one.allocations),
        "crossings": sorted(crossing.kind for crossing in one.crossings),
    }


def _allocation(one: Allocation) -> list[Any]:
    return [one.practitioner.id, one.part, _period(one.period), one.left_on]


def _handover(one: Handover) -> list[Any]:
    numbers = one.from_authority.number, one.to_authority.number
    return [one.agency, *numbers, one.closed, one.opened, one.gap_days]


def _pointer(one: Pointer) -> list[Any]:
    return [one.kind, one.authority.number, _period(one.period)]


def _period(span: Period) -> list[Any]:
    return [span.from_, span.to, span.to_exact]
