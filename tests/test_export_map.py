"""A service map taken away or printed: a permission of its own, a second factor, a record, one page."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from flask_openapi3 import OpenAPI
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from graph import ExportMap, MisuseSigns, NotAllowed, NotVisible, Pattern, Service
from tests.busy import BUSY, SOURCE, busy
from tests.test_network import open_network
from tests.test_pages import enter, open_map
from tests.web_clients import Client
from tests.world import IDLE, LEAD, NURSE, STEWARD, World
from web.export import COLUMNS, table

pytest_plugins = ("tests.web_fixtures",)
Bare = Callable[..., list[dict[str, Any]]]


def read(text: str) -> list[dict[str, str]]:
    """The rows of a file that was taken away."""
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_file_says_what_the_map_says_and_leaves_a_record_of_its_own(
    app: OpenAPI, sign_in: Callable[[str], Client], bare: Bare
) -> None:
    nurse = sign_in("nurse.one")
    handle = nurse.find()["handle"]
    answer = nurse.send(f"/children/{handle}/export")
    assert answer.mimetype == "text/csv"
    assert "filename=signpost-service-map.csv" in answer.headers["Content-Disposition"]
    rows = read(answer.text)
    assert tuple(rows[0]) == COLUMNS
    shown = nurse.get(f"/api/children/{handle}/service-map").json["involvements"]
    assert len(rows) == len(shown)
    [door] = [row for row in rows if row["service"] == "Leeds Front Door"]
    assert (door["from"], door["to"], door["area"]) == ("2020-01-06", "", "Leeds")
    assert "Amina Yusuf (lead professional)" in door["practitioners"]
    assert [row["practitioners"] for row in rows if row["service"] == "A sensitive service"] == [""]
    for hidden in ("Mind", "Chidi", "Okafor"):
        assert hidden not in answer.text
    [row] = bare("MATCH (r:Access {question: 'ExportMap'}) RETURN properties(r) AS record")
    assert (row["record"]["user"], row["record"]["outcome"]) == ("nurse.one", "shown")


def test_only_what_was_open_on_a_day_is_taken_where_that_is_shown(
    app: OpenAPI, sign_in: Callable[[str], Client]
) -> None:
    nurse = sign_in("nurse.one")
    handle = nurse.find()["handle"]
    rows = read(nurse.send(f"/children/{handle}/export", on="2026-04-10").text)
    assert "Leeds Health Visiting" not in {row["service"] for row in rows}
    assert "Bradford Emergency Department" in {row["service"] for row in rows}


def test_who_sees_no_map_takes_none_away(world: World) -> None:
    handle = world.handle()
    with pytest.raises(NotAllowed):
        world.graph.ask(STEWARD, ExportMap(child=handle))
    with pytest.raises(NotVisible):
        world.graph.ask(IDLE, ExportMap(child=handle))
    assert world.graph.ask(NURSE, ExportMap(child=handle)).involvements


def test_an_export_counts_among_signs_of_misuse_as_a_look_does(world: World) -> None:
    for user in ("a.one", "b.one", "c.one", "d.one", "e.one", "f.one"):
        viewer = NURSE.model_copy(update={"id": user, "authority": LEAD.authority})
        for _ in range(2):
            world.graph.ask(viewer, ExportMap(child=world.handle(viewer=viewer)))
    signs = world.graph.ask(LEAD, MisuseSigns()).signs
    assert Pattern.SAME_CHILD in {sign.pattern for sign in signs}


def test_no_cell_is_a_formula(world: World) -> None:
    shown = world.map()
    evil = Service.model_validate({"id": "x", "name": "+44 Team", "agency": "health"})
    first = shown.involvements[0].model_copy(update={"service": evil})
    text = table(shown.model_copy(update={"involvements": [first]}))
    assert read(text)[0]["service"] == "'+44 Team"


def test_table_and_picture_are_saved_from_the_page(app: OpenAPI, page: Page) -> None:
    enter(page)
    open_map(page)
    page.get_by_text("Take this away as a file").click()
    with page.expect_download() as taken:
        page.get_by_role("button", name="The table, as CSV").click()
    assert taken.value.suggested_filename == "signpost-service-map.csv"
    with page.expect_download() as drawn:
        page.get_by_role("button", name="The network, as a picture").click()
    assert drawn.value.suggested_filename == "signpost-network.png"
    assert drawn.value.path().read_bytes().startswith(b"\x89PNG")
    expect(page.locator(".sp-export__said")).to_have_text("The picture is saved.")


def test_twenty_involvements_print_on_one_page_with_who_and_why(
    app: OpenAPI, world: World, page: Page
) -> None:
    world.graph.load(STEWARD, SOURCE)
    world.graph.load(STEWARD, busy(20))
    enter(page)
    open_network(page, BUSY)
    printed = PdfReader(io.BytesIO(page.pdf(format="A4")))
    text = " ".join(sheet.extract_text() for sheet in printed.pages)
    assert len(printed.pages) == 1
    for said in ("nurse.one", "strategy discussion", "ED-1042", "Busy register", "Ring now"):
        assert said in text


def test_columns_are_sorted_by_a_press_of_a_key(app: OpenAPI, page: Page) -> None:
    enter(page)
    open_map(page)
    names = page.locator("tbody tr[id^='involvement-'] th")
    before = names.all_text_contents()
    by = page.locator(".sp-involved").get_by_role("columnheader", name="From")
    by.get_by_role("button").press("Enter")
    expect(by).to_have_attribute("aria-sort", "ascending")
    oldest = [" ".join(name.split())[:21] for name in names.all_text_contents()]
    assert oldest[0] == "Leeds Health Visiting"  # its start is not known
    assert oldest[1].startswith("Leeds Front Door")
    by.get_by_role("button").press("Enter")
    assert [" ".join(name.split())[:21] for name in names.all_text_contents()] == oldest[::-1]
    assert sorted(before) == sorted(names.all_text_contents())


def test_the_slider_leads_to_another_day_and_stays_where_one_is(app: OpenAPI, page: Page) -> None:
    enter(page)
    open_map(page)
    slider = page.get_by_label("Day by day")
    slider.press("ArrowLeft")
    page.wait_for_url("**on=2026-11-22**")
    expect(page.get_by_label("Day by day")).to_be_focused()
    expect(page.locator(".sp-slider__day")).to_have_text("22 November 2026")
    expect(page.get_by_role("region", name="You are not looking at today")).to_be_visible()
    page.get_by_label("Day by day").press("End")
    page.wait_for_url(lambda url: "on=2" not in url)
    expect(page.get_by_role("region", name="You are not looking at today")).to_have_count(0)
