"""The grounds of one's own service and area: what has begun, and for as long as its source keeps it."""

from itertools import product
from typing import Any

from nhs_number import is_valid

from graph import FindChild, Outcome, Period, Role, Viewer
from tests.world import (
    FAR_LEAD,
    LEAD,
    LEEDS,
    NOW,
    SOURCES,
    STEWARD,
    World,
    allocation,
    child,
    home,
    involvement,
    leeds,
    service,
    span,
)

WORKER = Viewer(id="worker.one", role=Role.PRACTITIONER, service="leeds-social-care:T1")
OTHER = Viewer(id="worker.two", role=Role.PRACTITIONER, service="bradford-health:A9")
# Today is 23 November 2026, and what ended is kept for six years.
HOLDS = [span(), span("2026-11-23"), span("2015-01-01", "2020-11-23")]
FAILS = [span("2026-11-24"), span("2014-01-01", "2020-11-22"), span(None, "2020-11-22")]
PERIODS = [(period, True) for period in HOLDS] + [(period, False) for period in FAILS]


NUMBERS = [n for n in map(str, range(9990000500, 9990001000)) if is_valid(n)]


def load(world: World, *periods: Period, **over: Any) -> None:
    """A child of its own for each period, with that of each kind of tie: T1, named there, in Leeds."""
    children, ties = [], {"involvements": [], "allocations": [], "homes": []}
    made = {
        "involvements": lambda n, whose, period: involvement(f"I{n}", whose, "T1", period),
        "allocations": lambda n, whose, period: allocation(f"A{n}", whose, "P1", "T1", period),
        "homes": lambda n, whose, period: home(f"H{n}", whose, LEEDS, period),
    }
    for n, (period, table) in enumerate(product(periods, made), start=10):
        children.append(child(f"C{n}", nhs_number=NUMBERS[n - 10], line=n))
        ties[table].append(made[table](n, f"C{n}", period))
    # What is past its time is not loaded: the time is shorter, or the day later, afterwards.
    world.graph.load(STEWARD, SOURCES[0].model_copy(update={"keep_years": 75}))
    world.graph.load(STEWARD, leeds(full=False, **{"children": children, **ties, **over}))
    world.graph.load(STEWARD, SOURCES[0])


def knows(world: World, viewer: Viewer, number: str = NUMBERS[0]) -> bool:
    return world.graph.ask(viewer, FindChild(nhs_number=number)).outcome is Outcome.ONE


def test_service_and_area_are_grounds_from_the_first_day_for_as_long_as_it_is_kept(
    world: World,
) -> None:
    load(world, *(period for period, _ in PERIODS))
    numbers = NUMBERS[: 3 * len(PERIODS)]
    holds = [held for _, held in PERIODS]
    of_service = [knows(world, WORKER, number) for number in numbers]
    assert of_service == [one for held in holds for one in (held, held, False)]
    of_area = [knows(world, LEAD, number) for number in numbers]
    assert of_area == [held for held in holds for _ in range(3)]
    assert not knows(world, OTHER)
    assert not knows(world, FAR_LEAD)


def test_where_a_service_works_counts_by_the_same_rule(world: World) -> None:
    for local, period, holds in (
        ("T8", span(None, "2021-01-01"), True),
        ("T9", span("2026-11-24"), False),
    ):
        there = service(local, "A Team", "201").model_copy(update={"period": period})
        tie = involvement(f"I{local}", "C10", local, span("2020-01-01"))
        load(world, span(), services=[there], practitioners=[], involvements=[tie])
        assert knows(world, FAR_LEAD) is holds
        tie = involvement(f"I{local}", "C10", local, span("2020-01-01", "2020-01-02"))
        load(world, span(), services=[there], practitioners=[], involvements=[tie])
        assert not knows(world, FAR_LEAD)


def test_each_source_says_for_how_long_and_the_day_counts(world: World) -> None:
    load(world, span("2020-01-01", "2025-11-22"))
    assert knows(world, WORKER)
    world.graph.load(STEWARD, SOURCES[0].model_copy(update={"keep_years": 1}))
    assert not knows(world, WORKER)
    NOW.forward(days=-1)
    assert knows(world, WORKER)


def test_the_day_after_a_leap_day_is_as_retention_has_it(world: World) -> None:
    load(world, span("2020-01-01", "2022-02-28"))
    NOW.at = NOW.at.replace(year=2028, month=2, day=29)
    assert knows(world, WORKER)
    NOW.forward(days=1)
    assert not knows(world, WORKER)


def test_of_a_source_that_says_no_time_what_ended_stays_a_ground(world: World, bare) -> None:
    load(world, span("1999-01-01", "2001-01-01"))
    assert not knows(world, WORKER)
    bare("MATCH (source:Source {id: 'leeds-social-care'}) REMOVE source.keep_years")
    assert knows(world, WORKER)
