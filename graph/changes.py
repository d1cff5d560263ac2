"""What has changed with a child since an instant: from rows of the graph to changes. Pure functions."""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from graph.answers import Home
from graph.authorities import same_place
from graph.map_rows import area_of, homes_of, period
from graph.model import Model, Period
from graph.rows import UNNAMED

Row = dict[str, Any]


class ChangeKind(StrEnum):
    """What may have changed with a child."""

    NEW = "the child is new in the list"
    INVOLVED = "another service is involved"
    MOVED = "the child lives elsewhere"
    NAMED_NO_MORE = "a worker is named for the child no more"
    LEFT = "a worker has left the service"


class Change(Model):
    """One thing that became known of a child.

    day: when it happened, as far as the source knows: the first day of an involvement or a home, a
    worker's last one. period: of the involvement or the home; of a worker only its end. Of a child who is
    new in the list, of the own service's involvement.
    """

    kind: ChangeKind
    day: date | None
    period: Period
    service: str | None = None
    authority: str | None = None
    worker: str | None = None


def changes_of(row: Row) -> list[Change]:
    """What a row of find/caseload says, the latest first; of a child who is new in the list, only that.

    row: whether the own service was known to work with the child, its services, homes and workers.
    """
    if not row["known"]:
        span = Period.model_validate({"from": row["from"]})
        return [Change(kind=ChangeKind.NEW, day=span.from_, period=span)]
    found = _involvements(row) if row["services"] else []
    found += _moves(row["homes"])
    found += [_gone(worker) for worker in row["workers"]]
    return sorted(found, key=_order, reverse=True)


def _order(change: Change) -> tuple[date, str, str]:
    named = change.worker or change.service or change.authority or ""
    return change.day or date.min, change.kind, named


def _involvements(row: Row) -> list[Change]:
    homes = homes_of(home for home in row["homes"] if home["live"])
    return [_involved(service, homes) for service in row["services"]]


def _involved(row: Row, homes: Sequence[Home]) -> Change:
    span = period(_latest(row["episodes"]))
    area = area_of(row["areas"], span, homes)
    return Change(
        kind=ChangeKind.INVOLVED,
        day=span.from_,
        period=span,
        service=row["name"],
        authority=area.name if area.number != UNNAMED else None,
    )


def _moves(rows: Iterable[Row]) -> list[Change]:
    """Where the child has come to: not what was known, nor what came after it by a boundary change."""
    rows = list(rows)
    known = {row["number"] for row in rows if not row["new"]}
    if not known:
        return []
    there: dict[str, list[Row]] = {}
    for row in rows:
        if row["new"] and row["live"] and not any(same_place(row["number"], one) for one in known):
            there.setdefault(row["number"], []).append(row)
    return [_moved(_latest(homes)) for homes in there.values()]


def _moved(row: Row) -> Change:
    span = period(row)
    return Change(kind=ChangeKind.MOVED, day=span.from_, period=span, authority=row["name"])


def _gone(row: Row) -> Change:
    kind = ChangeKind.LEFT if row["named"] else ChangeKind.NAMED_NO_MORE
    span = period(row)
    return Change(kind=kind, day=span.to, period=span, service=row["service"], worker=row["name"])


def _latest(rows: Iterable[Row]) -> Row:
    """Of several of one service or place: one that is open, the latest of them."""
    return max(rows, key=lambda row: (row["to"] is None, row["from"] or date.min))
