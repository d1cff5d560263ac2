"""The network: the same facts as the table, at places where nothing covers anything, also by keyboard."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask_openapi3 import OpenAPI
from playwright.sync_api import Page, expect

from tests.busy import BUSY, SOURCE, busy
from tests.test_pages import enter, faults, find, open_map, tab_to, too_wide
from tests.web_clients import Client
from tests.world import CHIDI, STEWARD, World
from web.as_of import AsOf, AsOfForm
from web.draw.places import HIGH, WIDE, laid_out
from web.map_page import MapPage

pytest_plugins = ("tests.web_fixtures",)


def network(world: World, number: str = CHIDI) -> dict[str, Any]:
    """The network of a child's map."""
    found = MapPage(world.map(number), AsOf(), AsOfForm()).network
    assert found
    return dict(found)


def open_network(page: Page, number: str = CHIDI) -> None:
    """Open the map, and wait until the network is drawn."""
    find(page, number)
    page.get_by_role("button", name="Whom do I ring").click()
    page.locator(".sp-network__all[data-drawn]").wait_for()


@pytest.mark.parametrize("sizes", [[[1]], [[1, 3], [2]], [[1] * 60, [4] * 9, [1], []], [[2] * 700]])
def test_no_two_nodes_stand_on_one_place(sizes: list[list[int]]) -> None:
    blocks = laid_out(sizes)
    places = [(0, 0)]
    for block, wanted in zip(blocks, sizes, strict=True):
        assert [len(cell) for cell in block.places] == wanted
        places += [block.head, *(place for cell in block.places for place in cell)]
    boxes = sorted(places)
    for n, (x, y) in enumerate(boxes):
        for other_x, other_y in boxes[n + 1 :]:
            if other_x - x >= WIDE:
                break
            assert abs(other_y - y) >= HIGH, ((x, y), (other_x, other_y))


def test_it_holds_what_the_map_holds(app: OpenAPI, world: World) -> None:
    found = network(world)
    shown = world.map()
    into_child = [edge for edge in found["edges"] if edge["to"] == "child"]
    assert len(into_child) == len(shown.involvements)
    assert {node["id"] for node in found["nodes"]} == {one["id"] for one in found["list"]}
    labels = {one["kind"]: set() for one in found["list"]}
    for one in found["list"]:
        labels[one["kind"]].add(one["label"])
    assert labels["authority"] == {"Leeds", "Bradford"}
    assert labels["practitioner"] == {"Amina Yusuf", "Tom Left"}
    assert "A sensitive service" in labels["service"]
    for hidden in ("Mind", "Chidi", "Okafor", CHIDI):
        assert hidden not in json.dumps(found)


def test_two_involvements_of_one_service_are_two_edges(app: OpenAPI, world: World) -> None:
    world.graph.load(STEWARD, SOURCE)
    world.graph.load(STEWARD, busy(30))
    found = network(world, BUSY)
    edges = [edge["from"] for edge in found["edges"] if edge["to"] == "child"]
    assert len(edges) == 30
    assert len(set(edges)) == 20


def test_what_stands_in_the_page_ends_no_tag_and_is_what_was_made(
    app: OpenAPI, sign_in: Callable[[str], Client]
) -> None:
    nurse = sign_in("nurse.one")
    text = nurse.get(f"/children/{nurse.find()['handle']}").text
    data = text.split('id="network-data">')[1].split("</script>")[0]
    assert not set("<>&") & set(data)
    assert {"nodes", "edges", "options", "list"} == set(json.loads(data))


def test_by_keyboard_every_node_is_reached_and_said(app: OpenAPI, page: Page) -> None:
    enter(page)
    open_network(page)
    tab_to(page, ".sp-network__canvas")
    page.keyboard.press("n")
    said = page.locator(".sp-network__said")
    expect(said).to_have_text("The child")
    page.keyboard.press("p")
    expect(said).to_contain_text("Bradford Emergency Department, Health")
    tab_to(page, ".sp-network__list [data-node='area-0']")
    page.keyboard.press("Enter")
    expect(said).to_have_text("Leeds")
    expect(page.locator(".sp-network__list [aria-current]")).to_have_text("Leeds")
    names = page.locator(".sp-network__list [data-node]")
    drawn = page.evaluate(
        "document.querySelector('.sp-network__canvas').drawing.body.nodeIndices.length"
    )
    assert names.count() == drawn == 9


def test_filters_act_on_picture_and_list_and_reset_brings_all_back(
    app: OpenAPI, page: Page
) -> None:
    enter(page)
    open_network(page)
    listed = page.locator(".sp-network__list")
    page.get_by_label("Area", exact=True).select_option("Bradford")
    expect(listed).not_to_contain_text("Leeds")
    page.get_by_label("State").select_option("Only open")
    expect(listed).not_to_contain_text("Emergency")
    page.get_by_role("button", name="Reset").click()
    page.get_by_label("Agency").select_option("Social care")
    expect(listed).to_contain_text("Amina Yusuf")
    expect(listed).not_to_contain_text("Health Visiting")
    assert faults(page) == []


def test_what_has_ended_is_counted_before_it_is_shown(
    app: OpenAPI, world: World, page: Page
) -> None:
    world.graph.load(STEWARD, SOURCE)
    world.graph.load(STEWARD, busy(120))
    enter(page)
    open_network(page, BUSY)
    listed = page.locator(".sp-network__list")
    before = listed.locator("[data-node]").count()
    more = listed.get_by_role("button", name="more in Leeds")
    count = int((more.text_content() or "").split()[1])
    more.press("Enter")
    expect(listed.locator("[data-node]")).to_have_count(before + count)
    expect(more).to_have_count(0)
    assert before + count < 87


def test_without_script_it_says_where_the_same_stands(app: OpenAPI, plain_page: Page) -> None:
    enter(plain_page)
    open_map(plain_page)
    expect(plain_page.get_by_text("The table below says the same.")).to_be_visible()
    expect(plain_page.locator(".sp-network__canvas")).not_to_be_visible()


COVERED = """() => {
  const drawing = document.querySelector('.sp-network__canvas').drawing;
  const boxes = drawing.body.nodeIndices.map((id) => drawing.getBoundingBox(id));
  boxes.sort((one, other) => one.top - other.top);
  let found = 0;
  boxes.forEach((one, n) => {
    for (let m = n + 1; m < boxes.length && boxes[m].top < one.bottom; m++) {
      if (boxes[m].left < one.right && boxes[m].right > one.left) found++;
    }
  });
  return [boxes.length, found];
}"""


@pytest.mark.parametrize("involvements", [1, 30, 300, 1_000])
def test_no_node_covers_another_however_many_there_are(
    app: OpenAPI, world: World, page: Page, involvements: int
) -> None:
    world.graph.load(STEWARD, SOURCE)
    world.graph.load(STEWARD, busy(involvements))
    enter(page)
    open_network(page, BUSY)
    while (more := page.locator(".sp-network__list").get_by_role("button", name="Show")).count():
        more.first.click()
    drawn, covered = page.evaluate(COVERED)
    assert drawn > involvements * 2 / 3
    assert covered == 0
    assert too_wide(page) == []
