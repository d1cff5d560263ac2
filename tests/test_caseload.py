"""The caseload: with which children a service works, on pages, for programs and in the record."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from flask_openapi3 import OpenAPI
from playwright.sync_api import Page, expect

from graph import (
    Caseload,
    CaseloadNews,
    DatabaseAway,
    FindChild,
    Judgement,
    NotAllowed,
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
from graph.asking import Asking
from graph.store import Store
from tests.caseloads import (
    A_AND_E,
    FRONT_DOOR,
    MIND,
    WORKER,
    Bare,
    a_day_on,
    allocated,
    ask,
    load_bradford,
    load_leeds,
    names,
    only,
    with_sam,
    with_visitors,
    words,
)
from tests.test_pages import enter
from tests.web_clients import Client
from tests.world import (
    AUDITOR,
    CHIDI,
    FAR_LEAD,
    IDLE,
    LEAD,
    NOW,
    NURSE,
    STEWARD,
    World,
    allocation,
    bradford,
    child,
    involvement,
    leeds,
    span,
)
from web.caseload import CaseloadPage
from web.words import counted, looked

pytest_plugins = ("tests.web_fixtures",)


@pytest.fixture
def visited(world: World) -> World:
    """The small world a day after the worker looked, an hour after it was loaded."""
    return a_day_on(world)


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


def test_a_start_page_does_not_wait_long_for_its_counts(
    app: OpenAPI, world: World, page: Page, monkeypatch: pytest.MonkeyPatch
):
    def slow(question: CaseloadNews, asking: Asking, children: object) -> None:
        asking.transaction._inner.run("UNWIND range(1, 1000000000) AS n RETURN count(n)").consume()

    monkeypatch.setattr(CaseloadNews, "answer", slow)
    monkeypatch.setattr(CaseloadNews, "seconds", 1)
    with pytest.raises(DatabaseAway, match="took too long"):
        world.graph.ask(WORKER, CaseloadNews())
    enter(page, "worker.one")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Who else works with this child")
    expect(page.locator("main")).not_to_contain_text("Your service works")


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
