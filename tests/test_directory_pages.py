"""The pages of sources and of services, in a real browser: filtered, empty, wrong, confirmed."""

from collections.abc import Callable
from datetime import date

import pytest
from flask_openapi3 import OpenAPI
from playwright.sync_api import Page, expect

from tests.test_pages import enter, faults, tab_to, too_wide, words
from tests.test_sources import Stop, pull
from tests.web_clients import Client
from tests.world import BROKER, LEEDS, NOW, STEWARD, World, bradford, child, leeds, service
from web.words import hours

pytest_plugins = ("tests.web_fixtures",)
SignIn = Callable[[str], Client]


def row(page: Page, name: str) -> str:
    return words(page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name)))


def test_sources_say_who_sends_what_and_who_is_silent(page: Page):
    enter(page)
    page.get_by_role("link", name="Which sources send, and which are silent").click()
    main = page.locator("main")
    expect(main).to_contain_text("4 sources. 1 is silent")
    expect(page.get_by_role("rowheader").first).to_contain_text("Bradford police")
    assert "Bradford Police Never sent Should send every 7 days None Silent" in row(
        page, "Bradford police"
    )
    care = row(page, "Leeds social care")
    for said in (
        "Leeds Social care",
        "20 November 2026 3 days ago",
        "23 November 2026 at 10:30 csv: 13 rows read",
        "13 new 0 changed 0 unchanged 0 ended 0 rejected",
        "Sends as usual",
    ):
        assert said in care
    expect(page.get_by_text("No source sends for 151 authorities")).to_be_visible()


def test_sources_are_filtered_by_keyboard_alone(page: Page):
    enter(page)
    page.goto("/sources")
    tab_to(page, "#authority")
    page.keyboard.type("bradford council")
    tab_to(page, "#silent")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("1 source. 1 is silent")
    assert "authority=bradford+council" in page.url
    expect(page.get_by_label("Only silent ones")).to_be_checked()
    expect(page.get_by_role("rowheader")).to_have_count(1)
    page.get_by_label("Agency").select_option("health")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("main")).to_contain_text("No source is as you asked for.")
    page.get_by_role("link", name="Show all sources").click()
    expect(page.get_by_role("rowheader")).to_have_count(4)


def test_an_authority_that_is_none_is_said_and_all_sources_are_shown(page: Page):
    enter(page)
    page.goto("/sources?authority=Leads")
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Authority is not one that is known; give its number")
    assert page.title().startswith("Error: ")
    expect(page.get_by_label("Authority", exact=True)).to_have_value("Leads")
    expect(page.get_by_role("rowheader")).to_have_count(4)


def test_a_stopped_load_and_one_that_is_not_as_usual_are_marked(page: Page, world: World):
    world.graph.load(
        STEWARD, leeds(extracted=date(2026, 11, 22), homes=[], practitioners=[]), accept_drop=True
    )
    more = [*bradford().children, child("78", family_name="New", given_name="Some")]
    with pytest.raises(Stop):
        world.graph.load(STEWARD, bradford(children=more), progress=pull)
    enter(page)
    page.goto("/sources")
    stopped = "Not finished The csv load of the extract of 20 November 2026 began on 23 November"
    assert stopped in row(page, "Bradford health")
    assert "fewer rows than usual" in row(page, "Leeds social care")
    NOW.forward(hours=2)
    enter(page)
    page.goto("/sources")
    assert "Stopped The csv load" in row(page, "Bradford health")
    assert "never finished. Load the same file again." in row(page, "Bradford health")
    assert faults(page) == []
    assert too_wide(page) == []


def test_without_sources_it_says_who_registers_one(bare_app: OpenAPI):
    text = Client(bare_app, "nurse.one").get("/sources").text
    assert "No source is registered yet." in text
    assert "<table" not in text


def test_from_the_start_to_a_duty_line_by_keyboard(page: Page):
    enter(page)
    tab_to(page, "main a[href='/services']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Services in City of London")
    expect(page.locator("main")).to_contain_text("No service is known here.")
    tab_to(page, "#authority")
    page.keyboard.press("Control+A")
    page.keyboard.type("Leeds City Council")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Services in Leeds")
    tab_to(page, "a[href='tel:01134960101']")
    door = row(page, "Leeds Front Door")
    for said in (
        "0113 496 0101 0113 496 0102 Staffed now Monday to Friday, 09:00 to 17:00",
        "2 November 2026 by its source, Leeds social care",
    ):
        assert said in door
    expect(page.locator("main")).to_contain_text(BROKER)
    assert "Mind" not in page.content()
    expect(page.get_by_role("button", name="Confirm today")).to_have_count(0)
    NOW.forward(hours=10)
    enter(page)
    page.goto("/services?authority=Leeds")
    assert "Closed now" in row(page, "Leeds Front Door")


def test_a_lead_confirms_in_their_own_area_and_is_told_of_no_other(sign_in: SignIn):
    lead = sign_in("lead.one")
    assert "Confirm today" not in lead.get("/services?authority=Leeds").text
    assert "Confirm today" in lead.get("/services?authority=Bradford").text
    assert lead.send("/services", service="bradford-health:A9").status_code == 303
    for id_ in ("leeds-social-care:T1", "leeds-social-care:T2", "no:such"):
        form, body = lead.send("/services", service=id_), {"service": id_}
        api = lead.post("/api/services/confirmed", body)
        assert (form.status_code, api.status_code) == (422, 422)
        assert "There is no service of that id." in form.text
        assert not any(name in form.text + api.text for name in ("Front Door", "Mind"))


def test_a_steward_confirms_and_it_stands_there_with_their_name(page: Page):
    NOW.forward(days=91)
    enter(page, "steward.one")
    page.goto("/services?authority=Leeds&agency=social+care")
    assert "Over 90 days old" in row(page, "Leeds Front Door")
    tab_to(page, "td button")
    page.keyboard.press("Enter")
    banner = page.get_by_role("region", name="Recorded")
    expect(banner).to_contain_text(
        "Leeds Front Door: confirmed on 22 February 2027 by steward.one."
    )
    assert "agency=social+care" in page.url
    assert "Over 90 days old" not in row(page, "Leeds Front Door")
    assert "22 February 2027 by steward.one" in row(page, "Leeds Front Door")
    page.goto("/services?authority=Leeds&confirmed=leeds-health:HV")
    expect(banner).to_have_count(0)


def test_who_may_not_confirm_is_refused_and_no_service_is_said(sign_in: SignIn):
    nurse, steward = sign_in("nurse.one"), sign_in("steward.one")
    assert nurse.send("/services", service="leeds-social-care:T1").status_code == 403
    answer = steward.send("/services", service="Okafor")
    assert answer.status_code == 422
    assert "There is no service of that id." in answer.text
    assert "Okafor" not in answer.text


def test_of_an_ended_authority_the_services_of_its_successors_are_shown(page: Page, world: World):
    rows = [service("N1", "Lakes Door", "943"), service("N2", "Both Doors", "942")]
    world.graph.load(STEWARD, leeds(services=[*leeds().services, *rows]))
    enter(page)
    for name in ("Cumbria", "909", "E10000006"):
        page.goto(f"/services?authority={name}")
        expect(page.get_by_role("heading", level=1)).to_have_text("Services in Cumbria")
        expect(page.locator("main")).to_contain_text(
            "Cumbria ended on 31 March 2023. What came after it is shown: Cumberland; Westmorland"
        )
        assert "Lakes Door Westmorland and Furness" in row(page, "Lakes Door")


def test_one_without_an_area_is_asked_for_an_authority(page: Page):
    enter(page, "steward.one")
    page.get_by_role("navigation").get_by_role("link", name="Services").click()
    expect(page.locator("main")).to_contain_text("Name an authority to see its services")
    expect(page.locator(".govuk-error-summary")).to_have_count(0)
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Authority is missing.")


def test_a_long_directory_has_pages_that_keep_what_was_asked(page: Page, world: World):
    rows = [service(f"Q{n}", f"Team {n:03}", LEEDS, duty_line="0113 496 0101") for n in range(120)]
    world.graph.load(STEWARD, leeds(services=[*leeds().services, *rows]))
    enter(page)
    page.goto("/services?authority=Leeds&agency=social+care")
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_title("Services in Leeds, page 2 of 3 - Signpost")
    assert "agency=social+care" in page.url
    expect(page.get_by_role("rowheader")).to_have_count(50)
    assert faults(page) == []
    page.get_by_role("link", name="Previous").click()
    expect(page.locator("main")).to_contain_text("121 services; page 1 of 3.")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("24/7", "Day and night, every day"),
        (
            "Mo-Fr 09:00-17:00; Sa 10:00-12:00",
            "Monday to Friday, 09:00 to 17:00; Saturday, 10:00 to 12:00",
        ),
    ],
)
def test_hours_are_said_in_words(text: str, said: str):
    assert hours(text) == said
