"""One's own looks of today: whoever closed a map finds the child again, and nobody else is told anything."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import nhs_number
import pytest
from flask_openapi3 import OpenAPI
from playwright.sync_api import Page, expect

from graph import (
    BoundariesOf,
    BreakGlassUses,
    CallOutcome,
    Emergency,
    ExportMap,
    FindChild,
    NotAllowed,
    NoteCall,
    NotVisible,
    OwnLook,
    OwnLooks,
    Purpose,
    ServiceMapOf,
    ShieldChild,
    ShieldReason,
    Verdict,
    Viewer,
    WhoLooked,
)
from tests.test_pages import enter, find, open_map
from tests.test_pairs import OKAFOR, judge
from tests.web_clients import Client
from tests.world import (
    AUDITOR,
    CHIDI,
    IDLE,
    LEAD,
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
from web.words import looked

pytest_plugins = ("tests.web_fixtures",)
Bare = Callable[..., list[dict[str, Any]]]
WORKER = IDLE.model_copy(update={"id": "worker.one", "service": "leeds-social-care:T1"})
MOVED = WORKER.model_copy(update={"service": "bradford-health:none"})
PLAIN = NURSE.stating()
HURRIED = IDLE.model_copy(update={"authority": LEEDS}).stating(
    emergency=Emergency.LIFE, reference="ED-7"
)
SAID = ("ground", "purpose", "emergency", "reference", "stated_at", "outcome", "refused")


def mine(world: World, viewer: Viewer) -> list[OwnLook]:
    """A viewer's own looks of today, on another minute than what was before."""
    NOW.forward(minutes=1)
    return list(world.graph.ask(viewer, OwnLooks()).looks)


def names(looks: list[OwnLook]) -> list[str | None]:
    """Given names, None where no name is shown."""
    return [look.identity.given_name if look.identity else None for look in looks]


def last(bare: Bare, question: str) -> dict[str, Any]:
    """The latest access record of a question."""
    found = "MATCH (r:Access {question: $q}) RETURN properties(r) AS r ORDER BY r.at DESC LIMIT 1"
    [row] = bare(found, q=question)
    return row["r"]


def opened(world: World, bare: Bare, viewer: Viewer, handle: str) -> dict[str, Any]:
    """What the record keeps of opening a map by a handle."""
    NOW.forward(minutes=1)
    world.graph.ask(viewer, ServiceMapOf(child=handle))
    kept = last(bare, "ServiceMapOf")
    return {name: kept.get(name) for name in (*SAID, "children", "clearance", "digest", "shown")}


def numbers_of(many: int) -> list[str]:
    """NHS numbers of the test range."""
    made = map(str, range(9991000000, 9991001000))
    return [number for number in made if nhs_number.is_valid(number)][:many]


def test_who_closed_a_map_finds_the_child_again(world: World) -> None:
    handle = world.handle(viewer=WORKER)
    assert mine(world, WORKER) == []  # found is not opened
    world.graph.ask(WORKER, ServiceMapOf(child=handle))
    at = NOW.at
    [look] = mine(world, WORKER)
    assert (look.at, look.ground, look.purpose, look.reference) == (at, "own service", None, None)
    assert look.identity
    assert look.identity.model_dump(exclude_defaults=True) == {
        "given_name": "Chidi",
        "family_name": "Okafor-Eze",
    }
    again = world.graph.ask(WORKER, ServiceMapOf(child=look.handle))
    assert again.identity
    assert again.identity.nhs_number == CHIDI


def test_a_lead_sees_who_is_in_the_area(world: World) -> None:
    world.map(viewer=LEAD)
    assert names(mine(world, LEAD)) == ["Chidi"]


@pytest.mark.parametrize("opens", [ServiceMapOf, ExportMap, BoundariesOf])
def test_each_way_to_open_a_map_is_one_and_each_child_stands_once(
    world: World, opens: type[ServiceMapOf]
) -> None:
    handle = world.handle(viewer=WORKER)
    question = ServiceMapOf(child=handle)
    asked = BoundariesOf(of=question) if opens is BoundariesOf else opens(child=handle)
    for _ in range(2):
        NOW.forward(minutes=1)
        world.graph.ask(WORKER, asked)
    at = NOW.at
    assert [look.at for look in mine(world, WORKER)] == [at]


def test_the_latest_stands_first_and_twenty_at_most(world: World) -> None:
    numbers = numbers_of(21)
    rows = [
        child(
            f"D{n}", nhs_number=number, given_name=f"Dee {'abcdefghijklmnopqrstu'[n]}", line=n + 2
        )
        for n, number in enumerate(numbers)
    ]
    seen = [involvement(f"D{n}", f"D{n}", "T1", span("2026-01-06")) for n in range(21)]
    world.graph.load(STEWARD, leeds(children=rows, involvements=seen, full=False))
    for number in numbers:
        NOW.forward(minutes=1)
        world.map(number, WORKER)
    looks = mine(world, WORKER)
    assert names(looks) == [f"Dee {letter}" for letter in "utsrqponmlkjihgfedcb"]
    world.map(numbers[3], WORKER)
    assert names(mine(world, WORKER))[:2] == ["Dee d", "Dee u"]


def test_who_was_opened_for_a_purpose_has_no_name_and_was_not_refused(
    world: World, bare: Bare
) -> None:
    world.map()
    [look] = mine(world, PLAIN)
    assert (look.identity, look.purpose, look.reference) == (
        None,
        Purpose.EMERGENCY_CARE,
        "ED-1042",
    )
    kept = last(bare, "OwnLooks")
    assert (kept["children"], kept["refused"], kept["compared"]) == ([], [], [])
    assert (kept["outcome"], kept["shown"], kept.get("purpose")) == ("shown", 1, None)


def test_a_purpose_that_is_stated_with_the_list_names_nobody(world: World, bare: Bare) -> None:
    world.map(viewer=WORKER)
    stated = MOVED.stating(purpose=Purpose.MISSING, reference="C-1")
    assert names(mine(world, NURSE)) == []
    assert names(mine(world, stated)) == [None]
    assert last(bare, "OwnLooks").get("ground") is None


def test_who_lost_the_ground_sees_no_name_and_opens_nothing(world: World) -> None:
    world.map(viewer=WORKER)
    [look] = mine(world, MOVED)
    assert look.identity is None
    with pytest.raises(NotVisible):
        world.graph.ask(MOVED, ServiceMapOf(child=look.handle))
    assert names(mine(world, WORKER)) == ["Chidi"]


def test_who_is_there_no_more_keeps_the_line_of_who_may_be_known_no_more(world: World) -> None:
    world.map(viewer=WORKER)
    [refused] = mine(world, MOVED)
    for rows, record in ((leeds, "C1"), (bradford, "77")):
        away = {"child": record, "record": record, "file": "x.csv", "line": 2}
        world.graph.load(STEWARD, rows(withdrawals=[away]), accept_drop=True)
    [absent] = mine(world, WORKER)
    new = {"handle"}
    assert absent.model_dump(exclude=new) == refused.model_dump(exclude=new)
    assert len(absent.handle) == len(refused.handle)
    with pytest.raises(NotVisible):
        world.graph.ask(WORKER, ServiceMapOf(child=absent.handle))


def test_another_users_looks_never_show(world: World) -> None:
    world.map(viewer=WORKER)
    other = WORKER.model_copy(update={"id": "worker.two"})
    assert mine(world, other) == []
    [look] = mine(world, WORKER)
    with pytest.raises(NotVisible):
        world.graph.ask(other, ServiceMapOf(child=look.handle))


def test_the_day_is_londons(world: World) -> None:
    NOW.at = datetime(2027, 7, 1, 22, 59, tzinfo=UTC)
    world.map(viewer=WORKER)  # a minute before midnight
    NOW.forward(seconds=59)
    assert len(world.graph.ask(WORKER, OwnLooks()).looks) == 1
    NOW.forward(seconds=1)
    assert mine(world, WORKER) == []
    world.map(viewer=WORKER)
    NOW.forward(hours=2)  # and it is another day in UTC, too
    [look] = mine(world, WORKER)
    assert world.graph.ask(WORKER, ServiceMapOf(child=look.handle)).involvements


@pytest.mark.parametrize(
    "viewer", [NURSE, WORKER, HURRIED, WORKER.stating(purpose=Purpose.MISSING, reference="C-1")]
)
def test_a_handle_of_the_list_gives_what_that_of_the_search_gives(
    world: World, bare: Bare, viewer: Viewer
) -> None:
    handle, plain = world.handle(viewer=viewer), viewer.stating()
    before = opened(world, bare, plain, handle)
    [look] = mine(world, plain)
    assert opened(world, bare, plain, look.handle) == before
    # And that of a list after that, too.
    [again] = mine(world, plain)
    assert opened(world, bare, plain, again.handle) == before


def test_what_an_emergency_opened_is_one_use_and_ends_with_its_hour(
    world: World, bare: Bare
) -> None:
    plain, handle = HURRIED.stating(), world.handle(viewer=HURRIED)
    NOW.forward(minutes=50)
    world.graph.ask(plain, ServiceMapOf(child=handle))
    [look] = mine(world, plain)
    assert (look.emergency, look.identity) == (Emergency.LIFE, None)
    assert world.graph.ask(plain, ServiceMapOf(child=look.handle)).involvements
    assert len(world.graph.ask(LEAD, BreakGlassUses())) == 1
    NOW.forward(minutes=8, seconds=59)
    assert world.graph.ask(plain, ServiceMapOf(child=look.handle)).involvements
    NOW.forward(seconds=1)
    [later] = world.graph.ask(plain, OwnLooks()).looks
    said = []
    for one in (handle, look.handle, later.handle):
        NOW.forward(seconds=1)
        with pytest.raises(NotVisible):
            world.graph.ask(plain, ServiceMapOf(child=one))
        kept = last(bare, "ServiceMapOf")
        said.append({k: v for k, v in kept.items() if k not in ("id", "at", "hash")})
    assert said[0] == said[1] == said[2]
    assert (said[0]["outcome"], said[0].get("emergency")) == ("not visible", None)


def test_who_is_shielded_since_has_no_name_and_opens_as_restricted(
    world: World, bare: Bare
) -> None:
    handle = world.handle(viewer=WORKER)
    world.graph.ask(WORKER, ServiceMapOf(child=handle))
    reason = {"reason": ShieldReason.COURT, "reference": "S-1"}
    world.graph.ask(WORKER, ShieldChild.model_validate({"child": handle, **reason}))
    [look] = mine(world, WORKER)
    assert look.identity is None
    kept = last(bare, "OwnLooks")
    listed = ("children", "refused", "restricted", "compared")
    assert [kept[name] for name in listed] == [[]] * 4
    shown = world.graph.ask(WORKER, ServiceMapOf(child=look.handle))
    assert (shown.restricted, shown.identity, shown.involvements) == (True, None, ())
    [look] = mine(world, WORKER)  # what was opened as restricted is no look of the list
    assert look.at < NOW.at


def test_a_restricted_record_that_was_opened_is_not_in_the_list(world: World) -> None:
    assert world.map(SHIELDED, WORKER).restricted
    assert mine(world, WORKER) == []


def test_children_who_are_one_are_one_line_and_two_again_when_it_is_taken_back(
    world: World, bare: Bare
) -> None:
    rows = [child("9", **OKAFOR)]
    seen = [involvement("5", "9", "A9", span("2025-01-01", "2025-01-02"))]
    world.graph.load(STEWARD, bradford(children=rows, involvements=seen, full=False))
    own = WORKER.model_copy(update={"service": "bradford-health:A9"})
    joined = world.map(viewer=own)
    [look] = mine(world, own)
    assert names([look]) == ["Chidi"]
    assert len(last(bare, "OwnLooks")["children"]) == 2
    assert len(world.graph.ask(own, ServiceMapOf(child=look.handle)).involvements) == len(
        joined.involvements
    )
    judge(world.graph, Verdict.DIFFERENT, Verdict.SAME)
    [look] = mine(world, own)
    assert len(last(bare, "OwnLooks")["children"]) == 1
    found = world.graph.ask(own, FindChild.model_validate(OKAFOR)).children
    assert len(found) == 2
    for one in found:
        NOW.forward(minutes=1)
        world.graph.ask(own, ServiceMapOf(child=one.handle))
    assert names(mine(world, own)) == ["Chidi", "Chidi"]
    judge(world.graph, Verdict.SAME, Verdict.DIFFERENT)
    assert names(mine(world, own)) == ["Chidi"]


def test_of_two_who_are_one_the_shielded_one_hides_both(world: World, bare: Bare) -> None:
    world.graph.load(
        STEWARD, bradford(children=[child("9", **OKAFOR)], involvements=[], full=False)
    )
    world.map(viewer=WORKER)
    assert names(mine(world, WORKER)) == ["Chidi"]
    bare(
        "MATCH (c:Child)-[:MAY_BE {judgement: 'same'}]-() "
        "WITH c ORDER BY c.id DESC LIMIT 1 SET c.shielded = true"
    )
    assert names(mine(world, WORKER)) == [None]


def test_the_family_reads_that_the_name_was_shown_and_of_nothing_else(
    world: World, bare: Bare
) -> None:
    world.map(viewer=WORKER)
    mine(world, WORKER)
    for word in ("Chidi", "Okafor", CHIDI):
        assert word not in str(last(bare, "OwnLooks"))
    NOW.forward(minutes=1)
    found = world.graph.ask(STEWARD, WhoLooked(of=FindChild(nhs_number=CHIDI)))
    [look] = [one for one in found.looks if one.question == "OwnLooks"]
    assert "a list of their own look-ups of the day: shown." in looked(look)
    assert found.compared == 0


def test_a_call_is_counted_from_the_first_look_for_the_same_reason(world: World) -> None:
    world.map()
    NOW.forward(minutes=9)
    [look] = mine(world, PLAIN)
    world.graph.ask(PLAIN, ServiceMapOf(child=look.handle))
    [look] = mine(world, PLAIN)
    [contact, *_] = world.graph.ask(PLAIN, ServiceMapOf(child=look.handle)).ring_now
    said = {"contact": contact.handle, "call": CallOutcome.REACHED}
    noted = world.graph.ask(PLAIN, NoteCall.model_validate({"child": look.handle, **said}))
    assert noted.seconds == 11 * 60


@pytest.mark.parametrize("viewer", [STEWARD, AUDITOR])
def test_whose_role_opens_no_child_has_no_list(world: World, viewer: Viewer) -> None:
    with pytest.raises(NotAllowed):
        world.graph.ask(viewer, OwnLooks())


def test_from_the_start_page_to_the_child_again(app: OpenAPI, page: Page) -> None:
    enter(page)
    page.locator("main").get_by_role("link", name="Your look-ups today").click()
    expect(page.locator("main")).to_contain_text("You have opened no child's map today.")
    open_map(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Chidi Okafor")
    find(page, SHIELDED)
    enter(page)
    page.get_by_role("navigation", name="Signpost").get_by_role(
        "link", name="Your look-ups today"
    ).click()
    row = page.get_by_role("row").nth(1)
    for said in ("Name not shown", "Strategy discussion", "ED-1042", "23 November 2026 at 10:30"):
        expect(row).to_contain_text(said)
    assert page.get_by_role("row").count() == 2
    assert "Chidi" not in page.content()
    row.get_by_role("link", name="Open").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Chidi Okafor")


def test_a_lead_reads_the_name(app: OpenAPI, page: Page) -> None:
    enter(page, "lead.one")
    find(page, purpose="")
    page.get_by_role("button", name="Whom do I ring").click()
    page.get_by_role("link", name="Your look-ups today").click()
    row = page.get_by_role("row").nth(1)
    for said in ("Chidi Okafor", "Own area"):
        expect(row).to_contain_text(said)
    assert "Okafor" not in page.title()


def test_for_programs(app: OpenAPI, sign_in: Callable[[str], Client]) -> None:
    nurse = sign_in("nurse.one")
    assert nurse.get("/api/looks/mine").json == {"looks": []}
    handle = nurse.find()["handle"]
    first = nurse.get(f"/api/children/{handle}/service-map").json
    [look] = nurse.get("/api/looks/mine").json["looks"]
    assert (look["purpose"], look["reference"]) == ("strategy discussion", "ED-1042")
    assert (look["identity"], look["ground"]) == (None, "stated purpose")
    again = nurse.get(f"/api/children/{look['handle']}/service-map").json
    assert again["identity"] == first["identity"]
    assert again["purpose"] == "strategy discussion"
    assert sign_in("nurse.two").get("/api/looks/mine").json == {"looks": []}
    assert sign_in("steward.one").get("/api/looks/mine").status_code == 403
