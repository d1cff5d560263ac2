"""Corrections: what is wrong on a map reaches a steward, and what came of it whoever reported it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from flask_openapi3 import OpenAPI
from playwright.sync_api import Page, expect

from graph import (
    AnswerCorrection,
    AskCorrection,
    BadQuestion,
    CorrectionAsked,
    CorrectionOf,
    Corrections,
    Corrigible,
    FindChild,
    Mistake,
    NotAllowed,
    NotVisible,
    OwnCorrections,
    Righted,
    Role,
    ShieldChild,
    ShieldReason,
    Viewer,
    WhoLooked,
)
from tests.test_pages import enter, find, open_map
from tests.test_retention import retain
from tests.web_clients import Client
from tests.world import (
    AUDITOR,
    BRADFORD,
    CHIDI,
    FAR_LEAD,
    IDLE,
    LEEDS,
    NOW,
    NURSE,
    SHIELDED,
    STEWARD,
    World,
    bradford,
    child,
    involvement,
    leeds,
    span,
)
from tests.world import service as service_row

pytest_plugins = ("tests.web_fixtures",)
Bare = Callable[..., list[dict[str, Any]]]
FRONT_DOOR, MIND = "leeds-social-care:T1", "leeds-social-care:T2"
WORKER = IDLE.model_copy(update={"id": "worker.one", "service": FRONT_DOOR})
NONE_LEFT = "MATCH (c:Correction) RETURN count(c) AS n"


def ask(
    world: World,
    viewer: Viewer = NURSE,
    mistake: Mistake = Mistake.ENDED,
    service: str | None = FRONT_DOOR,
    reference: str = "ED-1042",
) -> CorrectionAsked:
    """Report something of Chidi."""
    said = {"mistake": mistake, "service": service, "reference": reference}
    child = world.handle(CHIDI, viewer)
    return world.graph.ask(viewer, AskCorrection.model_validate({"child": child, **said}))


def opened(world: World, steward: Viewer = STEWARD) -> Corrigible:
    """The one that waits longest, as a steward sees it."""
    handle = world.graph.ask(steward, Corrections()).waiting[0].handle
    return world.graph.ask(steward, CorrectionOf(correction=handle))


def note(world: World, said: Righted) -> None:
    """Note what the source said of the one that waits longest."""
    question = AnswerCorrection(correction=opened(world).handle, said=said)
    assert world.graph.ask(STEWARD, question).said is said


def mine(world: World, viewer: Viewer = NURSE) -> list[tuple[str, str]]:
    """One's own reports: reference and state."""
    found = world.graph.ask(viewer, OwnCorrections()).corrections
    return [(one.reference, one.state.value) for one in found]


def test_a_report_reaches_a_steward_who_learns_whom_to_ring(world: World) -> None:
    assert (ask(world).corrections, mine(world)) == (1, [("ED-1042", "waiting")])
    waiting = world.graph.ask(STEWARD, Corrections())
    [line] = waiting.waiting
    assert (line.by, line.reference, line.mistake) == ("nurse.one", "ED-1042", Mistake.ENDED)
    for word in ("Chidi", "Okafor", "Front Door"):
        assert word not in waiting.model_dump_json()
    one = opened(world)
    assert one.identity
    assert (one.identity.given_name, one.service) == ("Chidi", "Leeds Front Door")
    assert [(s.name, s.authority) for s in one.sources] == [("Leeds social care", "Leeds")]
    note(world, Righted.RIGHTED)
    assert mine(world) == [("ED-1042", "righted")]
    assert not world.graph.ask(STEWARD, Corrections()).waiting


def test_of_no_service_in_particular_the_sources_that_know_the_child_are_named(
    world: World,
) -> None:
    ask(world, mistake=Mistake.IDENTITY, service=None)
    one = opened(world)
    assert one.service is None
    assert [s.name for s in one.sources] == ["Bradford health", "Leeds social care"]


def test_what_no_source_says_any_more_is_opened_with_nobody_to_ring(world: World) -> None:
    ask(world, mistake=Mistake.ANOTHER_CHILD)
    assert opened(world).sources
    moved = {"update": {"child": "C2"}}
    rows = {
        "involvements": [row.model_copy(**moved) for row in leeds().involvements],
        "allocations": [row.model_copy(**moved) for row in leeds().allocations],
    }
    world.graph.load(STEWARD, leeds(**rows), accept_drop=True)
    one = opened(world)
    assert (one.service, list(one.sources)) == ("Leeds Front Door", [])


@pytest.mark.parametrize(
    ("said", "state"),
    [(Righted.STANDS, "stands"), (Righted.RIGHTED, "righted"), (Righted.NOT_REACHED, "waiting")],
)
def test_what_the_source_said_is_told(world: World, said: Righted, state: str) -> None:
    ask(world)
    note(world, said)
    assert mine(world) == [("ED-1042", state)]
    if said is Righted.NOT_REACHED:
        [one] = world.graph.ask(NURSE, OwnCorrections()).corrections
        assert one.tried_at == opened(world).tried_at == NOW.at


def test_the_same_is_not_reported_twice_while_it_waits(world: World) -> None:
    ask(world)
    again = ask(world)
    assert (again.corrections, again.waiting) == (0, 1)
    NOW.forward(minutes=1)
    assert ask(world, mistake=Mistake.WORKER).corrections == 1
    assert ask(world, service=None).corrections == 1
    assert ask(world, WORKER).corrections == 1
    assert len(world.graph.ask(STEWARD, Corrections()).waiting) == 4
    note(world, Righted.STANDS)
    assert ask(world).corrections == 1


@pytest.mark.parametrize("service", ["bradford-health:none", "leeds-social-care:T3", MIND])
def test_only_a_service_that_the_map_shows_can_be_meant(
    world: World, bare: Bare, service: str
) -> None:
    other = service_row("T3", "Leeds Early Help", LEEDS)
    world.graph.load(STEWARD, leeds(services=[*leeds().services, other]))
    with pytest.raises(BadQuestion, match="no service that the child's map shows"):
        ask(world, service=service)
    assert bare(NONE_LEFT) == [{"n": 0}]
    assert bare("MATCH (r:Access {question: 'AskCorrection'}) RETURN r.shown AS n") == [{"n": 0}]


def test_a_sensitive_service_can_be_meant_by_whom_it_is_shown(world: World) -> None:
    given = involvement("I2", "C1", "T2", span("2021-05-01"), consent="given")
    rows = [leeds().involvements[0], given, leeds().involvements[2]]
    world.graph.load(STEWARD, leeds(involvements=rows))
    assert ask(world, service=MIND).corrections == 1
    assert "Mind" not in world.graph.ask(STEWARD, Corrections()).model_dump_json()
    assert "Mind" not in world.graph.ask(NURSE, OwnCorrections()).model_dump_json()
    assert opened(world).service == "Leeds Mind"


def test_of_who_works_for_a_sensitive_service_the_steward_reads_the_reference_alone(
    world: World,
) -> None:
    theirs = WORKER.model_copy(update={"id": "mind.one", "service": MIND})
    assert ask(world, theirs, Mistake.IDENTITY, None).corrections == 1
    [line] = world.graph.ask(STEWARD, Corrections()).waiting
    one = opened(world)
    assert (line.by, line.service, line.reference) == (None, None, "ED-1042")
    assert (one.by, one.by_service, one.reference) == (None, None, "ED-1042")


def test_of_two_records_of_one_child_it_goes_with_the_one_that_names_the_service(
    world: World, bare: Bare
) -> None:
    rows = [child("9", family_name="Okafor", given_name="Chidi", birth_date="2015-06-09")]
    clinic = [service_row("A8", "Bradford Clinic", BRADFORD)]
    seen = [involvement("5", "9", "A8", span("2025-01-01"))]
    world.graph.load(
        STEWARD, bradford(services=clinic, children=rows, involvements=seen, full=False)
    )
    one = bare(
        "MATCH (:Service {id: 'bradford-health:A8'})-[:INVOLVED_WITH]->(c) RETURN c.id AS id"
    )
    assert ask(world, service="bradford-health:A8").corrections == 1
    assert bare("MATCH (:Correction)-[:ABOUT]->(c) RETURN c.id AS id") == one
    away = {"child": "9", "record": "9", "file": "x.csv", "line": 2}
    world.graph.load(
        STEWARD, bradford(withdrawals=[away], children=[], involvements=[], full=False)
    )
    assert bare(NONE_LEFT) == [{"n": 0}]


def test_who_has_no_ground_and_whose_role_it_is_not(world: World) -> None:
    question = AskCorrection(child=world.handle(), mistake=Mistake.MISSING, reference="C-1")
    with pytest.raises(NotVisible):
        world.graph.ask(FAR_LEAD, question)
    for viewer in (STEWARD, AUDITOR):
        with pytest.raises(NotAllowed):
            world.graph.ask(viewer, question)
    for viewer in (NURSE, AUDITOR):
        with pytest.raises(NotAllowed):
            world.graph.ask(viewer, Corrections())


def test_a_handle_is_one_stewards_and_opens_once_it_is_answered_no_more(world: World) -> None:
    ask(world)
    handle = opened(world).handle
    other = Viewer(id="steward.two", role=Role.STEWARD)
    with pytest.raises(NotVisible):
        world.graph.ask(other, CorrectionOf(correction=handle))
    note(world, Righted.STANDS)
    for question in (
        CorrectionOf(correction=handle),
        AnswerCorrection(correction=handle, said=Righted.RIGHTED),
    ):
        with pytest.raises(NotVisible):
            world.graph.ask(STEWARD, question)
    assert mine(world) == [("ED-1042", "stands")]


def test_of_stewards_who_answer_at_once_one_is_heard(world: World) -> None:
    for mistake in list(Mistake)[:3]:
        ask(world, mistake=mistake)
        question = AnswerCorrection(correction=opened(world).handle, said=Righted.STANDS)

        def answer(_: int, question: AnswerCorrection = question) -> int:
            with suppress(BadQuestion, NotVisible):
                return world.graph.ask(STEWARD, question).shown
            return 0

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(answer, range(8))) == 1


def test_of_a_shielded_child_only_the_line_is_told(world: World, bare: Bare) -> None:
    child = world.graph.ask(NURSE, FindChild(nhs_number=SHIELDED)).children[0].handle
    question = AskCorrection(child=child, mistake=Mistake.AREA, reference="C-1")
    asked = world.graph.ask(NURSE, question)
    assert (asked.shown, asked.broker_line) == (0, "01632 960999")
    assert bare(NONE_LEFT) == [{"n": 0}]


def test_a_child_who_is_shielded_since_is_in_no_list(world: World) -> None:
    ask(world)
    handle = opened(world).handle
    shield = ShieldChild(child=world.handle(), reason=ShieldReason.COURT, reference="S-1")
    world.graph.ask(NURSE, shield)
    assert not world.graph.ask(STEWARD, Corrections()).waiting
    assert mine(world) == []
    with pytest.raises(NotVisible):
        world.graph.ask(STEWARD, CorrectionOf(correction=handle))


def test_what_came_of_it_is_told_for_four_weeks_and_kept_for_ninety_days(
    world: World, bare: Bare
) -> None:
    ask(world)
    note(world, Righted.RIGHTED)
    NOW.forward(days=28)
    assert len(mine(world)) == 1
    NOW.forward(seconds=1)
    assert mine(world) == []
    NOW.forward(days=62)
    assert retain(world.graph)["corrections"] == 1
    assert bare(NONE_LEFT) == [{"n": 0}]


@pytest.mark.parametrize("service", [FRONT_DOOR, None])
def test_it_goes_with_what_the_source_takes_back_and_with_the_child(
    world: World, bare: Bare, service: str | None
) -> None:
    ask(world, service=service)
    for rows, record, left in ((leeds, "C1", 0 if service else 1), (bradford, "77", 0)):
        away = {"child": record, "record": record, "file": "x.csv", "line": 2}
        world.graph.load(STEWARD, rows(withdrawals=[away]), accept_drop=True)
        assert bare(NONE_LEFT) == [{"n": left}]


def test_the_record_says_who_reported_and_who_saw_to_it(world: World, bare: Bare) -> None:
    ask(world, reference="ED-77")
    note(world, Righted.STANDS)
    rows = bare(
        "MATCH (r:Access) WHERE r.question IN ['AskCorrection', 'CorrectionOf', 'AnswerCorrection'] "
        "RETURN r.question AS q, r.user AS u, r.mistake AS m, r.correction_reference AS reference, "
        "r.said AS said ORDER BY q"
    )
    assert {(row["q"], row["u"]) for row in rows} == {
        ("AskCorrection", "nurse.one"),
        ("CorrectionOf", "steward.one"),
        ("AnswerCorrection", "steward.one"),
    }
    assert {row["m"] for row in rows} == {None, "an involvement has ended"}
    assert {row["reference"] for row in rows} == {None, "ED-77"}
    looks = world.graph.ask(STEWARD, WhoLooked(of=FindChild(nhs_number=CHIDI))).looks
    assert {"AskCorrection", "CorrectionOf"} <= {one.question for one in looks}


def test_from_the_map_to_what_came_of_it(app: OpenAPI, page: Page):
    enter(page)
    open_map(page)
    page.get_by_text("Something here is wrong?").click()
    page.get_by_role("button", name="Report it").click()
    expect(page.locator("#correction .govuk-error-message")).to_have_count(2)
    expect(page).to_have_title("Error: Service map - Signpost")
    page.get_by_role("alert").get_by_role("link").first.click()
    expect(page.get_by_label("An involvement has ended")).to_be_focused()
    page.get_by_label("An involvement has ended").check()
    page.get_by_label("Which service it concerns").select_option("Leeds Front Door")
    assert "Mind" not in page.content()
    page.locator("#correction-reference").fill("ED-1042")
    page.get_by_role("button", name="Report it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A steward has it")
    page.get_by_role("link", name="Corrections").first.click()
    expect(page.get_by_role("table")).to_contain_text("Waits")
    enter(page, "steward.one")
    expect(page.get_by_text("1 report of something wrong")).to_be_visible()
    page.get_by_role("link", name="Corrections", exact=True).click()
    assert "Chidi" not in page.content()
    assert "Front Door" not in page.content()
    page.get_by_role("link", name="Open the report with reference ED-1042").click()
    main = page.locator("main")
    for text in ("Chidi Okafor", "Service: Leeds Front Door", "Leeds social care, Leeds"):
        expect(main).to_contain_text(text)
    page.get_by_role("button", name="Note it").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose what the source said")
    page.get_by_label("Put right at the source").check()
    page.get_by_role("button", name="Note it").click()
    expect(page.get_by_text("Whoever reported it is now told")).to_be_visible()
    expect(main).to_contain_text("Nothing waits to be put right.")
    enter(page)
    page.get_by_role("link", name="Corrections").click()
    expect(page.get_by_role("table")).to_contain_text("Put right at the source")


def test_a_restricted_record_has_no_form(app: OpenAPI, page: Page):
    enter(page)
    find(page, SHIELDED)
    expect(page.get_by_role("heading", level=1)).to_have_text("A restricted record exists")
    assert "Something here is wrong?" not in page.content()


def test_for_programs(app: OpenAPI, sign_in: Callable[[str], Client]):
    nurse, steward = sign_in("nurse.one"), sign_in("steward.one")
    handle = nurse.find()["handle"]
    there = f"/api/children/{handle}/corrections"
    body = {"mistake": "an involvement has ended", "service": FRONT_DOOR, "reference": "ED-1042"}
    wrong = nurse.post(there, {**body, "mistake": "it is all wrong"})
    assert (wrong.status_code, wrong.json["faults"][0]["field"]) == (422, "mistake")
    assert nurse.post(there, {**body, "note": "free text"}).status_code == 422
    assert nurse.post(there, {**body, "service": MIND}).status_code == 422
    assert nurse.post("/api/children/nonsense/corrections", body).status_code == 404
    assert nurse.post(there, body).json["corrections"] == 1
    assert nurse.get("/api/corrections/mine").json["corrections"][0]["state"] == "waiting"
    assert nurse.get("/api/corrections").status_code == 403
    [waiting] = steward.get("/api/corrections").json["waiting"]
    one = f"/api/corrections/{waiting['handle']}"
    assert steward.get(one).json["service"] == "Leeds Front Door"
    assert steward.get("/api/corrections/nonsense").status_code == 404
    said = {"correction": waiting["handle"], "said": "the source stands by it"}
    assert steward.post("/api/corrections", said).json == {"said": "the source stands by it"}
    assert steward.post("/api/corrections", said).status_code == 404
    assert steward.get(one).status_code == 404
    [mine_] = nurse.get("/api/corrections/mine").json["corrections"]
    assert mine_["state"] == "stands"
