"""What came of ringing: noted in one press, a wrong number reaches the stewards, and time is measured."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask_openapi3 import OpenAPI
from playwright.sync_api import Page, expect

from graph import (
    BadQuestion,
    CallFigures,
    CallOutcome,
    CallsMade,
    Confirmation,
    Contact,
    FindChild,
    NotAllowed,
    NoteCall,
    NotVisible,
    Role,
    ServiceDirectory,
    ServiceMapOf,
    StaleContacts,
    Viewer,
    WhoLooked,
)
from tests.test_pages import enter, faults, open_map
from tests.web_clients import Client
from tests.world import CHIDI, LEAD, LEEDS, NOW, NURSE, SHIELDED, STEWARD, World, leeds, service

pytest_plugins = ("tests.web_fixtures",)
Bare = Callable[..., list[dict[str, Any]]]
FRONT_DOOR = "leeds-social-care:T1"


def contacts(world: World, handle: str, viewer: Viewer = NURSE) -> dict[str, Contact]:
    """Whom to ring, by their kind."""
    shown = world.graph.ask(viewer, ServiceMapOf(child=handle))
    return {one.kind.value: one for one in shown.ring_now}


def ring(
    world: World, kind: str, call: CallOutcome, viewer: Viewer = NURSE, minutes: int = 0
) -> int:
    """Find Chidi, ring some minutes later, and say what came of it; return the seconds noted."""
    handle = world.handle(CHIDI, viewer)
    NOW.forward(minutes=minutes)
    contact = contacts(world, handle, viewer)[kind].handle
    return world.graph.ask(viewer, NoteCall(child=handle, contact=contact, call=call)).seconds


def figures(world: World) -> CallFigures:
    """What is said of all calls."""
    return world.graph.ask(LEAD, CallsMade())


def test_a_call_is_noted_with_whom_what_and_how_long_it_took(world: World, bare: Bare) -> None:
    assert ring(world, "worker", CallOutcome.REACHED, minutes=4) == 240
    [row] = bare("MATCH (r:Access {question: 'NoteCall'}) RETURN properties(r) AS record")
    record = row["record"]
    assert (record["call"], record["contact"], record["service"]) == (
        "reached",
        "worker",
        FRONT_DOOR,
    )
    assert (record["seconds"], record["user"], record["outcome"]) == (240, "nurse.one", "shown")
    assert len(record["children"]) >= 1


def test_the_figures_are_counts_and_the_middle_time_and_no_person(world: World) -> None:
    assert figures(world).total == 0
    assert figures(world).seconds is None
    for minutes in (1, 2, 30):
        ring(world, "worker", CallOutcome.REACHED, minutes=minutes)
    ring(world, "duty line", CallOutcome.NO_ANSWER)
    ring(world, "broker line", CallOutcome.REACHED, minutes=2)
    found = figures(world)
    assert (found.reached, found.no_answer, found.wrong_number, found.seconds) == (4, 1, 0, 120)
    assert "nurse" not in found.model_dump_json()
    NOW.forward(days=31)
    assert figures(world).total == 0


def test_a_wrong_number_is_told_to_stewards_and_on_the_map_until_it_is_confirmed(
    world: World,
) -> None:
    ring(world, "duty line", CallOutcome.WRONG_NUMBER)
    stale = world.graph.ask(STEWARD, StaleContacts(days=1_000)).services
    said = (stale[0].id, stale[0].doubted_line, stale[0].doubted_on)
    assert said == (FRONT_DOOR, "duty line", NOW.at.date())
    [listed] = world.graph.ask(STEWARD, ServiceDirectory(authority=LEEDS)).services
    assert listed.doubted_line == "duty line"
    shown = contacts(world, world.handle())
    assert "On 23 November 2026 somebody said that this number is wrong." in shown["duty line"].note
    assert "wrong" not in shown["worker"].note
    world.graph.confirm(STEWARD, Confirmation(service=FRONT_DOOR))
    assert "wrong" not in contacts(world, world.handle())["duty line"].note
    stale = world.graph.ask(STEWARD, StaleContacts(days=1_000)).services
    assert FRONT_DOOR not in {one.id for one in stale}


@pytest.mark.parametrize(("line", "doubted"), [("0113 496 0101", True), ("0113 496 0109", False)])
def test_the_next_extract_ends_the_doubt_only_with_another_number(
    world: World, line: str, doubted: bool
) -> None:
    ring(world, "duty line", CallOutcome.WRONG_NUMBER)
    own = (
        leeds()
        .services[0]
        .service.model_copy(update={"id": "T1", "duty_line": line, "hours": "24/7"})
    )
    row = service("T1", "Leeds Front Door", LEEDS).model_copy(update={"service": own})
    later = leeds(services=[row, leeds().services[1]], extracted=date(2026, 11, 21))
    world.graph.load(STEWARD, later)
    assert ("wrong" in contacts(world, world.handle())["duty line"].note) is doubted


def test_of_a_broker_line_no_service_is_doubted(world: World, bare: Bare) -> None:
    ring(world, "broker line", CallOutcome.WRONG_NUMBER)
    assert bare("MATCH (s:Service) WHERE s.doubted_on IS NOT NULL RETURN s.id AS id") == []


def test_a_contact_of_another_viewer_child_or_day_is_none(world: World, bare: Bare) -> None:
    handle = world.handle()
    contact = contacts(world, handle)["worker"].handle
    ask = world.graph.ask
    said = {"call": CallOutcome.REACHED}
    for wrong in ("nonsense", contacts(world, world.handle(CHIDI, LEAD), LEAD)["worker"].handle):
        with pytest.raises(BadQuestion, match="Open the map again"):
            ask(NURSE, NoteCall(child=handle, contact=wrong, **said))
    with pytest.raises(BadQuestion):
        ask(NURSE, NoteCall(child=world.handle(SHIELDED), contact=contact, **said))
    tried = "MATCH (r:Access {question: 'NoteCall'}) RETURN count(r) AS n"
    assert bare(tried) == [{"n": 3}]
    with pytest.raises(NotVisible):
        ask(NURSE, NoteCall(child="nonsense", contact=contact, **said))
    NOW.forward(days=1)
    with pytest.raises(NotVisible):
        ask(NURSE, NoteCall(child=handle, contact=contact, **said))


def test_who_sees_no_map_notes_no_call_and_practitioners_see_no_figures(world: World) -> None:
    with pytest.raises(NotAllowed):
        world.graph.ask(STEWARD, NoteCall(child="x", contact="x", call=CallOutcome.REACHED))
    with pytest.raises(NotAllowed):
        world.graph.ask(NURSE, CallsMade())
    assert world.graph.ask(Viewer(id="ana.lyst", role=Role.ANALYST), CallsMade()).total == 0


def test_it_stands_among_who_looked_in_plain_words(world: World) -> None:
    ring(world, "worker", CallOutcome.REACHED)
    looks = world.graph.ask(STEWARD, WhoLooked(of=FindChild(nhs_number=CHIDI))).looks
    assert "NoteCall" in {one.question for one in looks}


def test_in_one_press_on_the_map(app: OpenAPI, page: Page) -> None:
    enter(page)
    open_map(page)
    card = page.locator(".sp-card--first")
    expect(card).to_contain_text("staffed until 17:00 today")
    card.get_by_role("button", name="No answer").click()
    expect(page.get_by_role("status")).to_contain_text("Noted: nobody answered.")
    page.locator(".sp-contacts__one").first.get_by_role("button", name="Wrong number").press(
        "Enter"
    )
    expect(page.get_by_role("status")).to_contain_text("Noted: a wrong number.")
    expect(page.locator(".sp-contacts__one").first).to_contain_text(
        "somebody said that this number is wrong"
    )
    assert faults(page) == []
    enter(page, "lead.one")
    expect(page.locator("main")).to_contain_text(
        "2 calls noted: 0 reached, 1 not answered, 1 wrong number."
    )
    enter(page, "steward.one")
    page.goto("/services?authority=leeds")
    expect(page.locator("main")).to_contain_text("Said to be wrong")


def test_for_programs(app: OpenAPI, sign_in: Callable[[str], Client]) -> None:
    nurse = sign_in("nurse.one")
    handle = nurse.find()["handle"]
    [first, *_] = nurse.get(f"/api/children/{handle}/service-map").json["ring_now"]
    assert (first["hours"], first["staffed_until"]) == ("Mo-Fr 09:00-17:00", "2026-11-23T17:00:00Z")
    where = f"/api/children/{handle}/calls"
    noted = nurse.post(where, {"contact": first["handle"], "call": "reached"})
    assert (noted.status_code, noted.json["call"]) == (200, "reached")
    assert nurse.post(where, {"contact": first["handle"], "call": "maybe"}).status_code == 422
    assert nurse.get("/api/calls").status_code == 403
    assert sign_in("analyst.one").get("/api/calls?days=7").json["reached"] == 1
