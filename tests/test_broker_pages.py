"""The broker from a child's map to the answer, as a browser and as a program have it."""

from collections.abc import Callable

from flask_openapi3 import OpenAPI
from playwright.sync_api import Page, expect

from tests.test_pages import enter, find
from tests.web_clients import Client

pytest_plugins = ("tests.web_fixtures",)


def test_from_the_map_to_the_telephone(app: OpenAPI, page: Page):
    enter(page)
    find(page)
    page.get_by_role("button", name="Whom do I ring").click()
    page.get_by_text("Ask the broker to connect you").click()
    page.get_by_role("button", name="Ask the broker").click()
    expect(page.locator("#broker .govuk-error-message")).to_have_count(2)
    expect(page).to_have_title("Error: Service map - Signpost")
    page.get_by_role("alert").get_by_role("link").first.click()
    expect(page.get_by_label("Your telephone at work")).to_be_focused()
    page.get_by_label("Your telephone at work").fill("01632 960201")
    page.locator("#broker-reference").fill("ED-1042")
    page.get_by_role("button", name="Ask the broker").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The broker is asked")
    page.get_by_role("link", name="Introductions").first.click()
    expect(page.get_by_role("table")).to_contain_text("Waits")
    assert "Mind" not in page.content()
    enter(page, "steward.one")
    expect(page.get_by_text("1 request to be connected")).to_be_visible()
    page.get_by_role("link", name="Broker", exact=True).click()
    page.get_by_role("link", name="Open the request with reference ED-1042").click()
    expect(page.get_by_role("heading", name="1. Ring Leeds Mind")).to_be_visible()
    expect(page.get_by_text("Chidi Okafor")).to_be_visible()
    page.get_by_role("button", name="Note it").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose what they said")
    page.get_by_label("They agree to be connected").check()
    page.get_by_role("button", name="Note it").click()
    expect(page.get_by_role("alert")).to_contain_text("telephone")
    page.get_by_label("Telephone on which they want to be rung").fill("0113 496 0177")
    page.get_by_role("button", name="Note it").click()
    expect(page.get_by_text("They are connected")).to_be_visible()
    enter(page)
    page.get_by_role("link", name="Introductions").click()
    expect(page.get_by_role("table")).to_contain_text("They agree")
    expect(page.get_by_role("table")).to_contain_text("Leeds Mind: 0113 496 0177")


def test_for_programs(app: OpenAPI, sign_in: Callable[[str], Client]):
    nurse, steward = sign_in("nurse.one"), sign_in("steward.one")
    handle = nurse.find()["handle"]
    body = {"telephone": "01632 960201", "reference": "ED-1042"}
    wrong = nurse.post(f"/api/children/{handle}/broker", {**body, "telephone": "me"})
    assert (wrong.status_code, wrong.json["faults"][0]["field"]) == (422, "telephone")
    assert nurse.post("/api/children/nonsense/broker", body).status_code == 404
    asked = nurse.post(f"/api/children/{handle}/broker", body)
    assert asked.json["introductions"] == 1
    assert nurse.get("/api/introductions").json["introductions"][0]["state"] == "waiting"
    assert nurse.get("/api/broker").status_code == 403
    [waiting] = steward.get("/api/broker").json["waiting"]
    one = f"/api/broker/{waiting['handle']}"
    assert steward.get(one).json["service"] == "Leeds Mind"
    said = {"introduction": waiting["handle"], "said": "agreed"}
    assert steward.post("/api/broker", said).status_code == 422
    said["telephone"] = "0113 496 0177"
    assert steward.post("/api/broker", said).json == {"said": "agreed"}
    assert steward.post("/api/broker", said).status_code == 404
    assert steward.get(one).status_code == 404
    [mine] = nurse.get("/api/introductions").json["introductions"]
    assert (mine["service"], mine["telephone"]) == ("Leeds Mind", "0113 496 0177")
