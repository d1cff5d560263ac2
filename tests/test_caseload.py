"""The caseload: with which children a service works, and what changed since its worker last looked."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from flask_openapi3 import OpenAPI
from playwright.sync_api import Page, expect

from graph import (
    Caseload,
    CaseloadChild,
    CaseloadList,
    CaseloadNews,
    Change,
    ChangeKind,
    Consent,
    FindChild,
    Judgement,
    NotAllowed,
    Period,
    PossibleDuplicates,
    ServiceMapOf,
    ShieldChild,
    ShieldReason,
    Verdict,
    Viewer,
    WhoLooked,
    caseload,
    looks,
)
from graph.store import Store
from tests.test_pages import enter
from tests.web_clients import Client
from tests.world import (
    AUDITOR,
    BRADFORD,
    CHIDI,
    FAR_LEAD,
    IDLE,
    LEAD,
    LEEDS,
    NOW,
    NURSE,
    STEWARD,
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
from web.caseload import CaseloadPage, changed
from web.words import counted, looked

pytest_plugins = ("tests.web_fixtures",)
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


@pytest.fixture
def visited(world: World) -> World:
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


def test_the_children_of_ones_own_service_with_their_workers(world: World) -> None:
    found = ask(world)
    assert (found.service, found.more, found.visited) == ("Leeds Front Door", 0, False)
    assert found.since == datetime.fromisoformat("2026-10-26T00:00:00+00:00")
    [one] = found.children
    assert one.name == "Chidi Okafor-Eze"
    assert (one.since, list(one.workers)) == (date(2020, 1, 6), ["Amina Yusuf", "Tom Left"])
    shown = world.graph.ask(WORKER, ServiceMapOf(child=one.handle))
    assert shown.identity
    assert shown.identity.given_name == "Chidi"


def test_only_whom_the_service_works_with_today(world: World) -> None:
    rows = {
        "I4": ("C3", span("2020-01-06", "2026-11-22")),
        "I5": ("C4", span("2026-11-24")),
        "I6": ("C5", span(None, "2026-11-23")),
        "I7": ("C6", span("2026-11-23")),
    }
    children = [
        child(
            local,
            line=n,
            family_name="Fam" + "cdefgh"[n - 3],
            given_name="Ada",
            birth_date=f"2011-0{n}-01",
        )
        for n, local in enumerate(("C3", "C4", "C5", "C6", "C7", "C8"), start=3)
    ]
    load_leeds(
        world,
        date(2026, 11, 21),
        children=[*leeds().children, *children],
        involvements=[
            *leeds().involvements,
            *(involvement(key, who, "T1", when) for key, (who, when) in rows.items()),
        ],
        allocations=[
            *leeds().allocations,
            allocation("A7", "C7", "P1", "T1", span("2025-02-03")),
            allocation("A8", "C8", "P1", "T1", span("2025-02-03", "2026-11-20")),
        ],
    )
    assert set(names(world)) == {"Chidi Okafor-Eze", "Ada Fame", "Ada Famf", "Ada Famg"}


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


def test_of_a_child_who_is_new_in_the_list_nothing_else_is_told(visited: World) -> None:
    load_bradford(visited, **with_visitors())
    seen = involvement("3", "77", "HV", span("2026-11-20"))
    hers = WORKER.model_copy(update={"service": "bradford-health:HV"})
    assert words(visited, hers) == ["New in this list"]
    assert only(visited, hers).changes[0].day == date(2026, 11, 12)
    NOW.forward(days=1)
    past = {**with_visitors(), "involvements": [*bradford().involvements, seen]}
    load_bradford(visited, date(2026, 11, 25), **past)
    assert words(visited, hers) == []


def test_those_with_changes_come_first_and_then_the_latest(visited: World) -> None:
    load_leeds(visited, **with_sam())
    assert names(visited) == ["Sam Same", "Chidi Okafor-Eze"]
    load_bradford(visited, **with_visitors())
    assert names(visited) == ["Chidi Okafor-Eze", "Sam Same"]


def test_of_more_than_can_be_listed_the_changed_ones_are(
    visited: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caseload, "MOST", 1)
    load_leeds(visited, **with_sam())
    load_bradford(visited, **with_visitors())
    found = ask(visited)
    assert [one.name for one in found.children] == ["Chidi Okafor-Eze"]
    assert (found.more, found.more_changed) == (1, 1)
    said = CaseloadPage(found, works=True).more
    assert said == "1 more is not listed: find them by name. With 1 of them something changed, too."


def test_children_who_are_one_stand_once_and_what_was_known_of_one_is_of_both(
    visited: World,
) -> None:
    near = {"family_name": "Okafor", "given_name": "Chidi", "birth_date": "2015-06-10"}
    load_leeds(
        visited,
        children=[*leeds().children, child("C3", line=4, **near)],
        involvements=[*leeds().involvements, involvement("I4", "C3", "T1", span("2026-11-02"))],
    )
    assert len(names(visited)) == 2
    [pair] = visited.graph.ask(STEWARD, PossibleDuplicates()).pairs
    visited.graph.judge(STEWARD, Judgement(pair=pair.handle, verdict=Verdict.SAME))
    assert (only(visited).since, words(visited)) == (date(2020, 1, 6), [])


def test_nobody_who_is_shielded_is_in_it_nor_who_is_shielded_since(
    visited: World, bare: Bare
) -> None:
    load_bradford(visited, **with_visitors())
    assert names(visited) == ["Chidi Okafor-Eze"]
    shield = ShieldChild(child=visited.handle(), reason=ShieldReason.COURT, reference="S-1")
    visited.graph.ask(NURSE, shield)
    found = ask(visited)
    assert (list(found.children), found.more) == ([], 0)
    assert visited.graph.ask(WORKER, CaseloadNews()).changed == 0


def test_another_services_viewer_and_who_works_for_none_see_nobody(world: World) -> None:
    for viewer in (IDLE, NURSE, WORKER.model_copy(update={"service": A_AND_E})):
        assert (names(world, viewer), ask(world, viewer).more) == ([], 0)
    assert ask(world, IDLE).service is None


@pytest.mark.parametrize("viewer", [LEAD, FAR_LEAD, STEWARD, AUDITOR])
def test_it_is_for_practitioners_alone(world: World, viewer: Viewer) -> None:
    for question in (Caseload(), CaseloadNews()):
        with pytest.raises(NotAllowed):
            world.graph.ask(viewer.model_copy(update={"service": FRONT_DOOR}), question)


def test_another_ones_visit_an_old_one_and_one_for_another_service_are_none(world: World) -> None:
    NOW.forward(hours=1)
    for viewer in (WORKER.model_copy(update={"id": "worker.two"}), WORKER):
        ask(world, viewer)
        NOW.forward(days=1)
    moved = WORKER.model_copy(update={"service": MIND})
    assert [ask(world, one).visited for one in (WORKER, moved)] == [True, False]
    NOW.forward(days=26)
    assert ask(world, WORKER.model_copy(update={"id": "worker.two"})).visited
    NOW.forward(days=29)
    found = ask(world)
    assert (found.visited, found.since.date()) == (False, date(2026, 12, 22))


def test_what_a_load_was_writing_while_one_looked_is_told_on_the_next_day(world: World) -> None:
    NOW.forward(hours=1)
    load_bradford(world, date(2026, 11, 21), **with_visitors())
    NOW.forward(minutes=-18)
    ask(world)
    NOW.forward(days=1)
    assert len(words(world)) == 1


def test_from_the_start_page_to_a_childs_map(
    app: OpenAPI, world: World, page: Page, monkeypatch: pytest.MonkeyPatch
):
    NOW.forward(hours=1)
    enter(page, "worker.one")
    main = page.locator("main")
    expect(main).to_contain_text(
        "Your service works with 1 child; 1 is new or has changed since 26 October 2026."
    )
    page.get_by_role("link", name="Children", exact=True).click()
    expect(main).to_contain_text(
        "You have not looked at this list on an earlier day of the last four weeks."
    )
    NOW.forward(days=1)
    enter(page, "worker.one")
    expect(main).to_contain_text("nothing has changed with them since 23 November 2026.")
    load_bradford(world, **with_visitors())
    load_leeds(world, allocations=allocated(A1=span("2024-01-06", "2026-11-23")))
    enter(page, "worker.one")
    expect(main).to_contain_text("1 is new or has changed since 23 November 2026.")
    page.get_by_role("link", name="See them").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Children with whom Leeds Front Door works"
    )
    assert "Okafor" not in page.title()
    for text in (
        "since you last looked on an earlier day, 23 November 2026 at 11:30",
        "6 January 2020",
        "Tom Left",
        "Bradford Health Visiting (Bradford) works with the child, since 12 November 2026",
        "Amina Yusuf of Leeds Front Door is named for the child no more",
    ):
        expect(main).to_contain_text(text)
    assert "Mind" not in page.content()
    page.get_by_role("link", name="Chidi Okafor-Eze").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Chidi Okafor")
    load_leeds(world, **with_sam())
    monkeypatch.setattr(caseload, "MOST", 1)
    enter(page, "worker.one")
    page.goto("/children")
    expect(main).to_contain_text("1 more is not listed: find them by name.")


def test_who_works_for_no_service_is_told_why_there_is_no_list(app: OpenAPI, page: Page):
    enter(page)
    expect(page.locator("main")).not_to_contain_text("Your service")
    page.get_by_role("link", name="Children", exact=True).click()
    expect(page.locator("main")).to_contain_text("No service is written down for which you work")


def test_a_service_with_no_child_says_so(app: OpenAPI, world: World, page: Page):
    load_leeds(world, date(2026, 11, 21), involvements=[], allocations=[])
    NOW.forward(days=1)
    enter(page, "worker.one")
    expect(page.locator("main")).to_contain_text("knows of no child with whom your service works")
    page.get_by_role("link", name="Children").first.click()
    expect(page.locator("main")).to_contain_text("knows of no child with whom your service works")


def test_for_programs_and_in_the_familys_report(sign_in: Callable[[str], Client]):
    worker_, steward = sign_in("worker.one"), sign_in("steward.one")
    found = worker_.get("/api/caseload").json
    assert (found["service"], found["more"], found["visited"]) == ("Leeds Front Door", 0, False)
    [one] = found["children"]
    assert (one["name"], one["since"]) == ("Chidi Okafor-Eze", "2020-01-06")
    assert {change["kind"] for change in one["changes"]} == {"the child is new in the list"}
    assert worker_.get(f"/api/children/{one['handle']}/service-map").status_code == 200
    for who in ("lead.one", "steward.one", "analyst.one", "auditor.one"):
        client = sign_in(who)
        assert [client.get(at).status_code for at in ("/children", "/api/caseload")] == [403, 403]
    assert sign_in("nurse.one").get("/api/caseload").json["children"] == []
    report = steward.send("/looks/report", nhs_number=CHIDI).text
    assert "a list of the children with whom their service works: shown" in report


def test_the_record_says_who_was_shown_and_the_family_is_told(world: World, bare: Bare) -> None:
    ask(world)
    rows = bare(
        "MATCH (r:Access) WHERE r.question STARTS WITH 'Caseload' "
        "RETURN r.question AS q, r.children AS children, r.shown AS shown, r.ground AS ground, "
        "r.compared AS compared, r.refused AS refused ORDER BY q"
    )
    [chidi] = bare("MATCH (c:Child {shielded: false}) RETURN collect(c.id) AS ids")
    said = {"shown": 1, "compared": [], "refused": []}
    assert rows == [
        {"q": "Caseload", "children": chidi["ids"], "ground": "own service", **said},
        {"q": "CaseloadNews", "children": [], "ground": None, **said},
    ]
    looks = world.graph.ask(
        STEWARD, WhoLooked(of=FindChild(nhs_number=CHIDI), for_family=True)
    ).looks
    assert "Caseload" in {one.question for one in looks}


def test_lists_do_not_push_a_look_at_the_map_out_of_the_familys_report(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks, "MOST", 3)
    world.map()
    for _ in range(3):
        NOW.forward(minutes=1)
        ask(world)
    found = world.graph.ask(STEWARD, WhoLooked(of=FindChild(nhs_number=CHIDI)))
    asked = [one.question for one in found.looks]
    assert asked[0] == "Caseload"
    assert (sorted(asked[1:]), found.total) == (["FindChild", "ServiceMapOf"], 5)
    assert counted(found)[0].startswith("These are the latest 3 of 5 looks; lists")


def test_of_a_list_of_a_sensitive_service_the_family_reads_only_that_there_was_a_look(
    world: World,
) -> None:
    names(world, WORKER.model_copy(update={"id": "mind.one", "service": MIND}))
    found = world.graph.ask(STEWARD, WhoLooked(of=FindChild(nhs_number=CHIDI)))
    [look] = [one for one in found.looks if one.service == "a sensitive service"]
    assert (look.question, look.user, look.ground) == (None, None, None)
    assert "a look: shown." in looked(look)
    assert "Caseload" not in found.model_dump_json()


def test_its_queries_begin_at_an_index(world: World, store: Store) -> None:
    ask(world)
    for name, seeks in (
        ("find/caseload", ("NodeUniqueIndexSeek",)),
        ("ask/caseload", ("NodeUniqueIndexSeek",)),
        ("ask/last_visit", ("NodeIndexSeek",)),
    ):
        plan, _, _ = store.explain(name)
        assert not [step for step in plan if "Scan" in step], name
        assert not [step for step in plan if "RelationshipIndexSeek" in step], name
        for seek in seeks:
            assert [step for step in plan if seek in step], (name, seek, plan)
