"""What changed with a service's children since its worker last looked on an earlier day."""

from datetime import date, datetime

import pytest

from graph import (
    Change,
    ChangeKind,
    Consent,
    Period,
)
from tests.caseloads import (
    KENT,
    MIND,
    OTHER,
    WORKER,
    a_day_on,
    allocated,
    ask,
    load_bradford,
    load_leeds,
    only,
    with_sam,
    with_visitors,
    words,
)
from tests.world import (
    BRADFORD,
    LEEDS,
    NOW,
    World,
    allocation,
    bradford,
    child,
    home,
    involvement,
    leeds,
    service,
    span,
    worker,
)


@pytest.fixture
def visited(world: World) -> World:
    """The small world a day after the worker looked, an hour after it was loaded."""
    return a_day_on(world)


def test_an_extract_that_says_the_same_changes_nothing(visited: World) -> None:
    assert list(only(visited).changes) == []
    load_leeds(visited)
    load_bradford(visited)
    assert list(only(visited).changes) == []


def test_a_new_service_is_told_the_whole_day_and_on_the_next_no_more(visited: World) -> None:
    load_bradford(visited, **with_visitors())
    [change] = only(visited).changes
    assert change == Change(
        kind=ChangeKind.INVOLVED,
        day=date(2026, 11, 12),
        period=span("2026-11-12"),
        service="Bradford Health Visiting",
        authority="Bradford",
    )
    NOW.forward(hours=3)
    again = ask(visited)
    assert (list(again.children[0].changes), again.visited) == ([change], True)
    assert again.since == datetime.fromisoformat("2026-11-23T11:30:00+00:00")
    assert words(visited) == [
        "Bradford Health Visiting (Bradford) works with the child, since 12 November 2026"
    ]
    NOW.forward(days=1)
    assert list(only(visited).changes) == []


def test_an_allocation_alone_is_of_a_service_that_works_with_the_child(visited: World) -> None:
    named = {
        "services": [*bradford().services, service("HV", "Bradford Health Visiting", BRADFORD)],
        "practitioners": [worker("W1", "Ann Lee", "HV")],
        "allocations": [allocation("1", "77", "W1", "HV", span("2026-11-12"))],
    }
    load_bradford(visited, **named)
    assert len(words(visited)) == 1
    NOW.forward(days=1)
    seen = {**named, "involvements": with_visitors()["involvements"]}
    load_bradford(visited, date(2026, 11, 25), **seen)
    assert words(visited) == []


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (span("2026-11-01", "2026-11-05"), "worked with the child, from 1 November 2026 to"),
        (span(), "works with the child"),
        (span("2026-12-01"), "will work with the child, from 1 December 2026"),
    ],
)
def test_what_has_ended_or_is_to_begin_is_said_so(visited: World, when: Period, said: str) -> None:
    rows = [*bradford().involvements, involvement("2", "77", "HV", when)]
    load_bradford(visited, **{**with_visitors(), "involvements": rows})
    [one] = words(visited)
    assert one.startswith(f"Bradford Health Visiting (Bradford) {said}")


def test_an_involvement_that_was_known_is_none_that_is_new(visited: World) -> None:
    rows = [
        involvement("1", "77", "A9", span("2026-04-10", "2026-04-12")),
        involvement("2", "77", "A9", span("2026-11-20")),
    ]
    load_bradford(visited, involvements=rows)
    assert words(visited) == []


def test_what_was_put_right_again_shows_nothing(visited: World) -> None:
    sam = [*bradford().children, child("78", line=3, **OTHER)]
    load_bradford(visited, **with_visitors(), children=sam)
    load_leeds(visited, allocations=allocated(A1=span("2024-01-06", "2026-11-23")))
    assert len(words(visited)) == 2
    of_sam = [*bradford().involvements, involvement("2", "78", "HV", span("2026-11-12"))]
    load_bradford(visited, **{**with_visitors(), "involvements": of_sam}, children=sam)
    load_leeds(visited)
    assert words(visited) == []


@pytest.mark.parametrize("by_code", [False, True])
def test_of_a_sensitive_service_nothing_is_told_with_consent_neither(
    visited: World, by_code: bool
) -> None:
    kind = {"kind": "sexual health"} if not by_code else {"code": "ods:RR8"}
    load_leeds(
        visited,
        services=[
            *leeds().services,
            service("T9", "Hidden", LEEDS, sensitive=True, code="ods:RR8"),
        ],
    )
    rows = with_visitors(**kind)
    given = rows["involvements"][1].model_copy(update={"consent": Consent.GIVEN})
    named = {
        "practitioners": [worker("W1", "Ann Lee", "HV")],
        "allocations": [allocation("1", "77", "W1", "HV", span("2026-11-12"))],
    }
    load_bradford(visited, **{**rows, **named, "involvements": [given]})
    assert words(visited) == []
    NOW.forward(days=1)
    named["allocations"] = [allocation("1", "77", "W1", "HV", span("2026-11-12", "2026-11-20"))]
    load_bradford(visited, date(2026, 11, 25), **{**rows, **named, "involvements": [given]})
    assert words(visited) == []
    assert "Ann Lee" not in ask(visited).model_dump_json()


def test_who_works_for_a_sensitive_service_sees_its_children_and_workers(world: World) -> None:
    theirs = WORKER.model_copy(update={"id": "mind.one", "service": MIND})
    hers = {
        "practitioners": [*leeds().practitioners, worker("P9", "Mia Mind", "T2")],
        "allocations": [
            *leeds().allocations,
            allocation("A9", "C1", "P9", "T2", span("2021-05-01")),
        ],
    }
    load_leeds(world, date(2026, 11, 21), **hers)
    NOW.forward(hours=1)
    assert list(only(world, theirs).workers) == ["Mia Mind"]
    NOW.forward(days=1)
    hers["allocations"][-1] = allocation("A9", "C1", "P9", "T2", span("2021-05-01", "2026-11-23"))
    load_leeds(world, **hers)
    assert words(world, theirs) == [
        "Mia Mind of Leeds Mind is named for the child no more (last day 23 November 2026)"
    ]
    assert "Mind" not in ask(world).model_dump_json()


def test_a_move_to_where_the_child_was_not_known_to_live(visited: World) -> None:
    moved = [*leeds().homes, home("H3", "C1", KENT, span("2026-11-20"))]
    load_leeds(visited, homes=moved)
    assert words(visited) == ["Moved to Kent on 20 November 2026"]
    NOW.forward(days=1)
    back = [*moved, home("H4", "C1", LEEDS, span("2026-11-24"))]
    load_leeds(visited, date(2026, 11, 25), homes=back)
    assert words(visited) == []
    NOW.forward(days=1)
    past = [*back, home("H5", "C1", "201", span("2022-01-01", "2022-02-01"))]
    load_leeds(visited, date(2026, 11, 26), homes=past)
    assert words(visited) == ["Lived in City of London, from 1 January 2022 to 1 February 2022"]


def test_a_first_home_and_another_name_of_the_same_place_are_no_moves(world: World) -> None:
    NOW.forward(hours=1)
    load_leeds(world, date(2026, 11, 21), **with_sam(homes=[home("H1", "C1", "909", span())]))
    NOW.forward(hours=1)
    ask(world)
    NOW.forward(days=1)
    homes = [home("H1", "C1", "942", span("2023-04-01")), home("H6", "C3", LEEDS, span())]
    load_leeds(world, **with_sam(homes=homes))
    assert [list(one.changes) for one in ask(world).children] == [[], []]


def test_a_worker_whose_allocation_ends(visited: World) -> None:
    load_leeds(visited, allocations=allocated(A1=span("2024-01-06", "2026-11-23")))
    assert words(visited) == [
        "Amina Yusuf of Leeds Front Door is named for the child no more (last day 23 November 2026)"
    ]
    assert list(only(visited).workers) == ["Tom Left"]


def test_a_worker_who_is_missing_from_the_extract(visited: World) -> None:
    load_leeds(visited, allocations=[one for one in leeds().allocations if one.record == "A2"])
    assert (words(visited), len(only(visited).workers)) == (
        [],
        2,
    )  # on the last day they are named still
    NOW.forward(days=1)
    [one] = words(visited)
    assert list(only(visited).workers) == ["Tom Left"]
    assert one.startswith("Amina Yusuf")
    assert one.endswith("(last day by 24 November 2026)")


def test_a_worker_whose_post_ends_has_left(visited: World) -> None:
    ended = [worker("P1", "Amina Yusuf", "T1", span("2019-01-01", "2026-11-22"))]
    load_leeds(visited, practitioners=[*ended, leeds().practitioners[1]])
    assert words(visited) == ["Amina Yusuf has left Leeds Front Door (last day 22 November 2026)"]
    NOW.forward(days=1)
    assert words(visited) == []


def test_a_worker_of_another_service_is_told_too(visited: World) -> None:
    named = {
        **with_visitors(),
        "practitioners": [worker("W1", "Ann Lee", "HV")],
        "allocations": [allocation("1", "77", "W1", "HV", span("2026-11-12"))],
    }
    load_bradford(visited, **named)
    NOW.forward(days=1)
    ask(visited)
    NOW.forward(days=1)
    gone = worker("W1", "Ann Lee", "HV", span("2019-01-01", "2026-11-25"))
    load_bradford(visited, date(2026, 11, 25), **{**named, "practitioners": [gone]})
    assert words(visited) == [
        "Ann Lee has left Bradford Health Visiting (last day 25 November 2026)"
    ]


def test_a_last_day_that_was_known_before_is_told_when_it_is_over(visited: World) -> None:
    load_leeds(visited, allocations=allocated(A1=span("2024-01-06", "2026-11-26")))
    for told in (0, 0, 0, 1, 0):  # from the 24th on, each day looked at
        assert len(words(visited)) == told
        NOW.forward(days=1)


def test_a_post_whose_last_day_was_known_is_told_when_it_is_over(visited: World) -> None:
    ends = [worker("P1", "Amina Yusuf", "T1", span("2019-01-01", "2026-11-24"))]
    load_leeds(visited, practitioners=[*ends, leeds().practitioners[1]])
    assert words(visited) == []
    NOW.forward(days=1)
    assert words(visited) == ["Amina Yusuf has left Leeds Front Door (last day 24 November 2026)"]


def test_an_end_of_what_had_ended_said_anew_is_no_change(visited: World) -> None:
    load_leeds(visited, allocations=allocated(A1=span("2024-01-06", "2026-11-10")))
    NOW.forward(days=1)
    assert len(words(visited)) == 1
    NOW.forward(minutes=20)
    again = allocated(A1=span("2024-01-06", "2026-11-09"))
    load_leeds(visited, date(2026, 11, 25), allocations=again)
    NOW.forward(days=1)
    assert words(visited) == []


def test_who_is_named_anew_has_not_left(visited: World) -> None:
    ended = allocated(A1=span("2024-01-06", "2026-11-23"))
    anew = allocation("A3", "C1", "P1", "T1", span("2026-11-24"))
    load_leeds(visited, allocations=[*ended, anew])
    assert words(visited) == []


def test_who_is_replaced_in_the_same_record_is_told(visited: World) -> None:
    rows = [allocation("A1", "C1", "P3", "T1", span("2024-01-06")), leeds().allocations[1]]
    people = [*leeds().practitioners, worker("P3", "Ola New", "T1")]
    load_leeds(visited, allocations=rows, practitioners=people)
    [one] = words(visited)
    assert one.startswith("Amina Yusuf of Leeds Front Door is named for the child no more")
    assert list(only(visited).workers) == ["Ola New", "Tom Left"]
