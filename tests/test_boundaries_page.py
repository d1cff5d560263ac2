"""Both sides of each boundary that a child's services cross, whom to ring there, and where it is."""

import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from flask_openapi3 import OpenAPI
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from graph import (
    AsWasSeen,
    Boundaries,
    BoundariesOf,
    Boundary,
    BoundaryKind,
    MapsSeen,
    NotVisible,
    Replay,
    ServiceMapOf,
    authorities,
    successors_of,
)
from tests.test_pages import enter, open_map
from tests.web_clients import NAMESAKE, Client
from tests.world import (
    AUDITOR,
    BROKER,
    CHIDI,
    IDLE,
    NOW,
    NURSE,
    SHIELDED,
    STEWARD,
    World,
    involvement,
    leeds,
    span,
)
from web.draw import hexes_of
from web.draw.hexes import cells

pytest_plugins = ("tests.web_fixtures",)
QUIET = date(2026, 11, 1)  # only what Leeds does is open
SignIn = Callable[[str], Client]


def found(world: World, number: str = CHIDI, **asked: date) -> Boundaries:
    """The boundaries of the child of an NHS number."""
    return world.graph.ask(
        NURSE, BoundariesOf(of=ServiceMapOf(child=world.handle(number), **asked))
    )


def between(world: World, kind: BoundaryKind) -> Boundary:
    """The only boundary of a kind."""
    [one] = [one for one in found(world).boundaries if one.kind is kind]
    return one


def test_between_two_authorities_each_side_says_who_and_whom_to_ring(world: World) -> None:
    area = between(world, BoundaryKind.AREA)
    assert area.why == (
        "Leeds Front Door: Leeds while the child lived in Bradford from 4 March 2026"
    )
    here, there = area.one, area.other
    assert (here.name, here.open, here.lives) == ("Leeds", True, False)
    assert "Leeds Front Door" in here.services
    assert here.contacts[0].name == "Amina Yusuf"
    assert (there.name, there.open, there.lives) == ("Bradford", False, True)
    assert there.services == ["Bradford Emergency Department"]
    assert [one.telephone for one in there.contacts] == ["01632 960201"]
    assert len(here.contacts) <= 2


def test_between_two_agencies_each_side_has_its_own_contacts(world: World) -> None:
    agency = between(world, BoundaryKind.AGENCY)
    assert {agency.one.name, agency.other.name} == {"Social care", "Health"}
    sides = {side.name: side for side in (agency.one, agency.other)}
    assert sides["Health"].services == ["Bradford Emergency Department"]
    assert sides["Social care"].contacts[0].name == "Amina Yusuf"


def test_a_withheld_service_names_neither_itself_nor_its_agency(world: World) -> None:
    only = leeds(involvements=[involvement("I2", "C1", "T2", span("2021-05-01"))], allocations=[])
    world.graph.load(STEWARD, only, accept_drop=True)
    answer = found(world, on=date(2026, 11, 22))
    assert "Mind" not in answer.model_dump_json()
    [boundary] = answer.boundaries
    assert boundary.kind is BoundaryKind.AREA
    leeds_side = boundary.one
    assert leeds_side.services == ["A sensitive service"]
    assert [one.telephone for one in leeds_side.contacts] == [BROKER]


def test_where_the_child_lives_and_nobody_works_the_side_is_empty(world: World) -> None:
    [area] = found(world, on=QUIET).boundaries
    assert (area.other.name, area.other.lives) == ("Bradford", True)
    assert (list(area.other.services), list(area.other.contacts)) == ([], [])


def test_a_handover_stands_at_its_boundary(world: World) -> None:
    ended = [involvement("I1", "C1", "T1", span("2020-01-06", "2026-02-28"))]
    world.graph.load(STEWARD, leeds(involvements=ended, allocations=[]), accept_drop=True)
    [handover] = between(world, BoundaryKind.AREA).handovers
    assert handover.from_authority.name == "Leeds"
    assert handover.to_authority.name == "Bradford"
    assert handover.opened is None


def test_a_shielded_child_shows_nothing_but_that(world: World) -> None:
    answer = found(world, SHIELDED)
    assert answer.map.restricted
    assert (list(answer.boundaries), list(answer.map.involvements)) == ([], [])
    assert hexes_of(answer.map) is None


def test_who_has_no_ground_is_told_as_of_no_child(world: World) -> None:
    for handle in (world.handle(), "nonsense"):
        with pytest.raises(NotVisible):
            world.graph.ask(IDLE, BoundariesOf(of=ServiceMapOf(child=handle)))


def test_the_look_is_recorded_and_can_be_replayed(world: World, bare) -> None:
    found(world, on=date(2026, 4, 10))
    [row] = bare("MATCH (r:Access {question: 'BoundariesOf'}) RETURN properties(r) AS record")
    record = row["record"]
    assert (record["user"], record["outcome"], record["shown"]) == (NURSE.id, "shown", 3)
    assert record["on"] == date(2026, 4, 10)
    NOW.forward(minutes=1)
    [look] = world.graph.ask(AUDITOR, MapsSeen(user=NURSE.id, day=record["at"].date())).maps
    assert world.graph.ask(AUDITOR, AsWasSeen(look=look.handle)).replay is Replay.EQUAL


def test_many_involvements_are_few_boundaries(world: World) -> None:
    many = [involvement(f"M{n}", "C1", "T1", span("2020-01-06")) for n in range(300)]
    world.graph.load(STEWARD, leeds(involvements=many, allocations=[]), accept_drop=True)
    assert len(found(world).boundaries) == 2


def test_every_authority_of_today_has_a_cell_of_its_own() -> None:
    today = {number for number, one in authorities().items() if one.period.open}
    assert set(cells()) == today
    assert len(set(cells().values())) == len(today) == 153


def test_cells_that_a_split_made_are_neighbours() -> None:
    for number in ("909", "928"):
        (column, row), (other, next_row) = (cells()[one] for one in successors_of(number)[1:])
        assert abs(column - other) <= 1
        assert abs(row - next_row) <= 1


def test_a_former_authority_is_shown_as_what_came_after_it(world: World) -> None:
    shown = world.map()
    [first, *_] = shown.involvements
    cumbria = first.authority.model_copy(update={"number": "909", "name": "Cumbria"})
    moved = first.model_copy(update={"authority": cumbria})
    drawn = hexes_of(shown.model_copy(update={"involvements": [moved], "homes": []}))
    assert drawn
    assert [one.name for one in drawn.hexes] == ["Cumberland", "Westmorland and Furness"]
    assert {one.said for one in drawn.hexes} == {"it was part of Cumbria: a service is open"}


def test_the_picture_and_the_list_say_the_same(app: OpenAPI, sign_in: SignIn) -> None:
    nurse = sign_in("nurse.one")
    text = nurse.get(f"/children/{nurse.find()['handle']}/boundaries").text
    drawn = re.findall(r"<title>\d+\. (.*?): (.*?)</title>", text)
    listed = re.findall(r"<li><strong>(.*?)</strong>: (.*?)\.</li>", text)
    assert drawn == listed
    assert dict(drawn) == {
        "Leeds": "the child lived there, a service is open and a service has ended",
        "Bradford": "the child lives there and a service has ended",
    }
    assert "style=" not in text.split("<main")[1]


def test_each_state_of_the_page(app: OpenAPI, sign_in: SignIn) -> None:
    nurse = sign_in("nurse.one")
    empty = nurse.find(NAMESAKE)["handle"]
    answer = nurse.get(f"/children/{empty}/boundaries")
    assert "No boundary is crossed" in answer.text
    assert "not the same as nothing known" in answer.text
    restricted = nurse.find(SHIELDED)["handle"]
    answer = nurse.get(f"/children/{restricted}/boundaries")
    assert "A restricted record exists" in answer.text
    assert "Leeds" not in answer.text.split("<main")[1]
    assert nurse.get(f"/children/{empty}/boundaries?on=never").status_code == 422
    mine = nurse.find()["handle"]
    theirs = sign_in("nurse.two")
    assert theirs.get(f"/children/{mine}/boundaries").status_code == 404


def test_from_the_map_and_back_the_day_is_kept(app: OpenAPI, page: Page) -> None:
    enter(page)
    open_map(page)
    page.goto(f"{page.url}?on=2026-04-10")
    page.get_by_role("link", name="Both sides of each boundary").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Boundaries")
    expect(page.get_by_role("region", name="You are not looking at today")).to_be_visible()
    expect(page.locator("a[href='tel:01134960107']").first).to_be_visible()
    page.get_by_role("link", name="Service map").click()
    expect(page).to_have_url(re.compile(r"\?on=2026-04-10$"))


def test_what_came_of_ringing_is_noted_from_either_side(app: OpenAPI, page: Page) -> None:
    enter(page)
    open_map(page)
    page.get_by_role("link", name="Both sides of each boundary").click()
    page.get_by_role("button", name="Reached").first.click()
    expect(page.get_by_role("status").first).to_have_text("Noted: you reached them.")


def test_the_api_says_the_same(app: OpenAPI, sign_in: SignIn) -> None:
    nurse = sign_in("nurse.one")
    said = nurse.get(f"/api/children/{nurse.find()['handle']}/boundaries?on=2026-04-10").json
    assert [one["kind"] for one in said["boundaries"]] == ["area", "agency"]
    assert said["boundaries"][0]["other"]["contacts"][0]["telephone"] == "01632 960201"
    assert nurse.get("/api/children/nonsense/boundaries").status_code == 404


def test_on_paper_it_says_by_whom_it_was_printed_and_asks_for_nothing(
    app: OpenAPI, page: Page
) -> None:
    enter(page)
    open_map(page)
    page.get_by_role("link", name="Both sides of each boundary").click()
    printed = PdfReader(io.BytesIO(page.pdf(format="A4")))
    text = " ".join(" ".join(sheet.extract_text() for sheet in printed.pages).split())
    for said in ("Printed for nurse.one", "0113 496 0101", "Leeds and Bradford"):
        assert said in text
    for asked in ("I rang", "Wrong number", "Service map"):
        assert asked not in text
