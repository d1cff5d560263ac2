"""The caseload of a worker in the small world: asked for, a day on, and what extracts say meanwhile."""

from collections.abc import Callable
from datetime import date
from typing import Any

from graph import (
    Caseload,
    CaseloadChild,
    CaseloadList,
    CaseloadNews,
    Period,
    Viewer,
)
from tests.world import (
    BRADFORD,
    IDLE,
    NOW,
    STEWARD,
    World,
    bradford,
    child,
    involvement,
    leeds,
    service,
    span,
)
from web.caseload import changed

Bare = Callable[..., list[dict[str, Any]]]
FRONT_DOOR, MIND, A_AND_E = "leeds-social-care:T1", "leeds-social-care:T2", "bradford-health:A9"
WORKER = IDLE.model_copy(update={"id": "worker.one", "service": FRONT_DOOR})
TOMORROW = date(2026, 11, 24)
OTHER = {
    "nhs_number": "9990000042",
    "family_name": "Same",
    "given_name": "Sam",
    "birth_date": "2016-02-01",
}
KENT = "886"
# A busy machine may plan a query that is new to it for longer than a start page waits.
CaseloadNews.seconds = 30


def ask(world: World, viewer: Viewer = WORKER) -> CaseloadList:
    """The list, and that the counts of it are the same."""
    counted = world.graph.ask(viewer, CaseloadNews())
    found = world.graph.ask(viewer, Caseload())
    some = sum(bool(one.changes) for one in found.children)
    assert (counted.since, counted.children) == (found.since, len(found.children) + found.more)
    assert counted.changed == some + found.more_changed
    return found


def only(world: World, viewer: Viewer = WORKER) -> CaseloadChild:
    """The only child of the list."""
    [one] = ask(world, viewer).children
    return one


def names(world: World, viewer: Viewer = WORKER) -> list[str | None]:
    """Who is in the list, in its order."""
    return [one.name for one in ask(world, viewer).children]


def words(world: World, viewer: Viewer = WORKER) -> list[str]:
    """What changed with the only child, in words."""
    return [changed(one, NOW.at.date()) for one in only(world, viewer).changes]


def a_day_on(world: World) -> World:
    """The small world a day after the worker looked, an hour after it was loaded."""
    NOW.forward(hours=1)
    ask(world)
    NOW.forward(days=1)
    return world


def load_leeds(world: World, extracted: date = TOMORROW, **over: Any) -> None:
    """A later extract of Leeds, and some minutes later, as it is written for so long."""
    world.graph.load(STEWARD, leeds(extracted=extracted, **over), accept_drop=True)
    NOW.forward(minutes=20)


def load_bradford(world: World, extracted: date = TOMORROW, **over: Any) -> None:
    """A later extract of Bradford's, and some minutes later."""
    world.graph.load(STEWARD, bradford(extracted=extracted, **over), accept_drop=True)
    NOW.forward(minutes=20)


def with_visitors(**more: Any) -> dict[str, Any]:
    """Bradford with a health visitor for Chidi, since 12 November."""
    seen = {"agency": "health", **more}
    return {
        "services": [
            *bradford().services,
            service("HV", "Bradford Health Visiting", BRADFORD, **seen),
        ],
        "involvements": [
            *bradford().involvements,
            involvement("2", "77", "HV", span("2026-11-12")),
        ],
    }


def with_sam(**over: Any) -> dict[str, Any]:
    """Leeds with another child besides, with whom the front door works."""
    return {
        "children": [*leeds().children, child("C3", line=4, **OTHER)],
        "involvements": [*leeds().involvements, involvement("I4", "C3", "T1", span("2026-11-02"))],
        **over,
    }


def allocated(**periods: Period) -> list[Any]:
    """The allocations of Leeds, some of them with another period."""
    return [
        one.model_copy(update={"period": periods.get(one.record, one.period)})
        for one in leeds().allocations
    ]
