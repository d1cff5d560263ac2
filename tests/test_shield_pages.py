"""Shielding from a child's map, and the stewards' list, as a browser has them."""

import re
from collections.abc import Callable

from flask_openapi3 import OpenAPI
from playwright.sync_api import Page, expect

from tests.test_pages import enter, find
from tests.web_clients import Client
from tests.world import CHIDI, NOBODY, SHIELDED

pytest_plugins = ("tests.web_fixtures",)


def test_from_the_map_to_the_stewards_list(app: OpenAPI, page: Page):
    enter(page)
    find(page)
    page.get_by_role("button", name="Whom do I ring").click()
    page.get_by_text("This child must be shielded").click()
    page.get_by_role("button", name="Shield this child now").click()
    expect(page.get_by_role("alert")).to_contain_text("Reason")
    expect(page.locator("#shield")).to_contain_text("Reason")
    expect(page.locator("#shield .govuk-error-message")).to_have_count(2)
    page.get_by_label("Reason").select_option("a court ordered it")
    page.locator("#reference").fill("C-2026-7")
    page.get_by_role("button", name="Shield this child now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The child is shielded")
    find(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("A restricted record exists")
    enter(page, "steward.one")
    page.get_by_role("link", name="Shields").click()
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.get_by_role("table")).to_contain_text("C-2026-7")
    page.get_by_role("button", name="Lift").click()
    expect(page.get_by_text("Another steward must agree")).to_be_visible()
    expect(page.get_by_role("button", name="Lift")).to_have_count(0)
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("20 working days more")).to_be_visible()


def test_a_steward_shields_by_details(app: OpenAPI, page: Page):
    enter(page, "steward.one")
    page.get_by_role("link", name="Shields").click()
    page.get_by_role("link", name="Shield a child by details").click()
    page.get_by_role("button", name="Shield this child now").click()
    expect(page.get_by_role("alert")).to_contain_text("Reason is missing")
    page.get_by_label("NHS number").fill(NOBODY)
    page.get_by_label("Reason").select_option("a court ordered it")
    page.locator("#reference").fill("C-2026-8")
    page.get_by_role("button", name="Shield this child now").click()
    expect(page.get_by_role("alert")).to_contain_text("not of one child beyond doubt")
    page.get_by_label("NHS number").fill(SHIELDED)
    page.get_by_role("button", name="Shield this child now").click()
    expect(page.get_by_text("A source had marked the child")).to_be_visible()
    expect(page.get_by_role("table")).to_contain_text("lifting ends that, too")


def test_for_programs(app: OpenAPI, sign_in: Callable[[str], Client]):
    nurse, steward = sign_in("nurse.one"), sign_in("steward.one")
    handle = nurse.find()["handle"]
    body = {"reason": "a court ordered it", "reference": "C-2026-7"}
    assert nurse.post(f"/api/children/{handle}/shield", {"reason": "x"}).status_code == 422
    assert nurse.post("/api/children/nonsense/shield", body).status_code == 404
    asked = nurse.post(f"/api/children/{handle}/shield", body)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", asked.json["review_by"])
    [shield] = steward.get("/api/shields").json["shields"]
    said = {"shield": shield["handle"], "verdict": "lift"}
    assert steward.post("/api/shields", said).json["waits"]
    assert steward.post("/api/shields", said).status_code == 422
    assert nurse.post("/api/shields", said).status_code == 403
    by = {"nhs_number": CHIDI, "reason": "a court ordered it", "reference": "C-2"}
    assert steward.post("/api/shields/child", by).json["outcome"] == "one match"
    assert nurse.post("/api/shields/child", by).status_code == 403
    wrong = steward.post("/api/shields/child", {**by, "nhs_number": "123"})
    assert (wrong.status_code, wrong.json["faults"][0]["field"]) == (422, "nhs_number")
    assert steward.post("/api/shields", {"shield": "x", "verdict": "keep"}).status_code == 404
