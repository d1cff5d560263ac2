"""The pages, in a real browser on a real graph: by keyboard, without script, on a telephone."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask_openapi3 import OpenAPI
from playwright.sync_api import Locator, Page, expect

from graph import DatabaseAway, FindChild, Graph
from tests.web_clients import NAMESAKE, ROSALIND, Client
from tests.world import BROKER, CHIDI, NOBODY, NOW, SHIELDED
from web.finding import LABELS
from web.page_models import TELLING

pytest_plugins = ("tests.web_fixtures",)
SignIn = Callable[[str], Client]


def enter(page: Page, person: str = "nurse.one") -> None:
    page.goto("/sign-in")
    page.check(f"input[value='{person}']")
    page.get_by_role("button", name="Sign in").click()


def find(page: Page, number: str = CHIDI, purpose: str = "strategy discussion") -> None:
    page.goto("/find")
    page.get_by_label("NHS number").fill(number)
    page.get_by_label("Purpose").select_option(purpose)
    page.get_by_label("Your case reference").fill("ED-1042")
    page.get_by_role("button", name="Find", exact=True).click()


def ask(page: Page, born: tuple[str, str, str] = ("", "", ""), sex: str = "", **texts: str) -> None:
    """Fill the form and send it."""
    page.goto("/find")
    for part, text in zip(("Day", "Month", "Year"), born, strict=True):
        page.get_by_label(part, exact=True).fill(text)
    if sex or "former_name" in texts:
        page.get_by_text("More that helps tell children apart").click()
    if sex:
        page.get_by_label(sex, exact=True).check()
    for name, text in texts.items():
        page.locator(f"#{name}").fill(text)
    page.get_by_label("Purpose").select_option("strategy discussion")
    page.get_by_label("Your case reference").fill("ED-1042")
    page.get_by_role("button", name="Find", exact=True).click()


def break_glass(page: Page) -> None:
    """Find a child in an emergency."""
    page.goto("/find")
    page.get_by_label("NHS number").fill(CHIDI)
    page.get_by_text("Emergency: there is no time for a purpose").click()
    page.locator("#emergency").select_option("danger to life now")
    page.get_by_label("Your case reference").fill("ED-1042")
    page.get_by_role("button", name="Find", exact=True).click()


def words(place: Locator) -> str:
    """What stands there, in one line."""
    return " ".join((place.text_content() or "").split())


def open_map(page: Page) -> None:
    find(page)
    page.get_by_role("button", name="Whom do I ring").click()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until this has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    pytest.fail(f"Tab never reaches {selector}")


def faults(page: Page) -> list[str]:
    """What axe finds wrong with a page."""
    return [fault["id"] for fault in Axe().run(page).response["violations"]]


def test_from_signing_in_to_a_telephone_number_by_keyboard_alone(page: Page):
    page.goto("/sign-in")
    tab_to(page, "a.govuk-skip-link")
    tab_to(page, "input[name=person]")
    page.keyboard.press("Space")
    tab_to(page, "main button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("whom do I ring")
    tab_to(page, "main a[href='/find']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Find a child")
    tab_to(page, "#nhs_number")
    page.keyboard.type("999 000 0018")
    tab_to(page, "#purpose")
    page.keyboard.type("Strategy")
    tab_to(page, "#reference")
    page.keyboard.type("ED-1042")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("One match")
    tab_to(page, "main a.govuk-button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Chidi Okafor")
    tab_to(page, "a[href='tel:01134960107']")


def test_the_map_says_who_where_when_and_whom_to_ring(page: Page):
    enter(page)
    open_map(page)
    first = page.locator(".sp-card--first")
    expect(first).to_contain_text("Amina Yusuf")
    expect(first).to_contain_text("0113 496 0107")
    main = page.locator("main")
    for text in (
        "2 services are involved in Leeds; 2 involvements have ended.",
        "Moved from Leeds to Bradford on 4 March 2026: "
        "nothing that Signpost knows of is open in Bradford for 226 days.",
        "Also known as Chidi Okafor",
        "Number confirmed on 2 November 2026",
        "Left on 30 September 2026",
        "Leeds while the child lived in Bradford from 4 March 2026",
        "not known",
        "on 20 November 2026",
        "A sensitive service",
        "89 days with nobody.",
        "1 of them is silent",
        "Bradford police",
    ):
        expect(main).to_contain_text(text)
    assert "Leeds Mind" not in page.content()
    assert "Okafor" not in page.title()


def test_another_day_is_in_the_address_and_said_in_a_banner(page: Page):
    enter(page)
    open_map(page)
    page.get_by_label("Only what was open on").fill("2026-04-10")
    page.get_by_role("button", name="Show").click()
    assert "on=2026-04-10" in page.url
    banner = page.get_by_role("region", name="You are not looking at today")
    expect(banner).to_contain_text("Only what was open on 10 April 2026.")
    expect(page.locator("main")).not_to_contain_text("Leeds Health Visiting")
    banner.get_by_role("link").click()
    expect(page.locator("main")).to_contain_text("Leeds Health Visiting")


def test_before_anything_was_known_the_map_is_empty_and_says_so(page: Page):
    enter(page)
    open_map(page)
    page.goto(f"{page.url}?known_at=2026-01-01T09:30")
    expect(page.locator("main")).to_contain_text("As Signpost knew it on 1 January 2026 at 09:30")
    expect(page.locator("main")).to_contain_text("This is not the same as nothing known.")


def test_nothing_found_is_not_nothing_known(page: Page):
    enter(page)
    find(page, NOBODY)
    main = page.locator("main")
    for text in ("Nothing found", "This is not the same as nothing known", "4 sources", BROKER):
        expect(main).to_contain_text(text)


def test_a_restricted_record_shows_only_the_broker_line(page: Page):
    enter(page)
    find(page, SHIELDED)
    expect(page.get_by_role("heading", level=1)).to_have_text("A restricted record exists")
    expect(page.locator(".sp-card--first")).to_contain_text(BROKER)
    assert "Nowak" not in page.content()


def test_what_is_wrong_is_said_at_the_top_and_at_the_field(page: Page):
    enter(page)
    find(page, "999 000 0019")
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    expect(page.locator("#nhs_number-error")).to_contain_text("is not a valid NHS number")
    assert page.title().startswith("Error: ")
    page.get_by_label("NHS number").fill("")
    page.get_by_label("Given name").fill("Chidi")
    page.get_by_label("Day").fill("31")
    page.get_by_label("Month").fill("2")
    page.get_by_label("Year").fill("2015")
    page.get_by_label("Your case reference").fill("")
    page.get_by_role("button", name="Find", exact=True).click()
    expect(summary).to_contain_text("Date of birth must be a real date")
    expect(page.get_by_label("Given name")).to_have_value("Chidi")


def test_by_name_and_date_of_birth_in_an_emergency(page: Page):
    enter(page, "nurse.two")
    page.goto("/find")
    page.get_by_label("Given name").fill("Chidi")
    page.get_by_label("Family name", exact=True).fill("Okafor")
    for part, value in (("Day", "9"), ("Month", "6"), ("Year", "2015")):
        page.get_by_label(part).fill(value)
    page.get_by_text("Emergency: there is no time for a purpose").click()
    page.locator("#emergency").select_option("danger to life now")
    page.get_by_label("Your case reference").fill("ED-1042")
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.locator("main")).to_contain_text("Chidi Okafor")


def test_two_children_of_one_name_are_told_apart_before_one_is_opened(sign_in: SignIn):
    born = {"birth_date-day": "1", "birth_date-month": "2", "birth_date-year": "2016"}
    why = {"purpose": "missing child", "reference": "ED-1042"}
    text = (
        sign_in("nurse.one").send("/find", given_name="Sam", family_name="same", **born, **why).text
    )
    assert "999 000 00" not in text
    for words in (
        "Possible matches: 2. None of them is certain.",
        "Opening one is recorded",
        "1 February 2016",
    ):
        assert words in text


def test_possible_matches_say_field_by_field_how_they_agree(alike: OpenAPI, page: Page):
    enter(page)
    ask(page, given_name="Rosalind", family_name="Quigly", born=("5", "8", "2016"))
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Possible matches: 2. None of them is certain."
    )
    page.get_by_role("button", name="Whom do I ring? Possible match 2").wait_for()
    cards = page.locator(".sp-card")
    rosalind = cards.filter(has_text="Rosalind")
    for said in ("Given name Rosalind Same", "Birth date 8 May 2016 Close day and month swapped"):
        assert said in words(rosalind)
    assert "Quigley Close it sounds the same" in words(rosalind)
    assert "Quigl" not in page.title()
    page.get_by_role("button", name="Add a detail").click()
    expect(page.get_by_label("Given name")).to_have_value("Rosalind")
    expect(page.get_by_label("Year")).to_have_value("2016")
    expect(page.get_by_label("Your case reference")).to_have_value("ED-1042")
    page.get_by_label("NHS number").fill(ROSALIND)
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.locator("main")).to_contain_text("Rosalind")


def test_a_possible_match_shows_nothing_that_was_not_typed(alike: OpenAPI, page: Page):
    enter(page)
    ask(page, family_name="Quigley", born=("8", "5", "2016"))
    card = page.locator(".sp-card").first
    expect(card.locator("dt")).to_have_text(["Family name", "Birth date"])
    content = page.locator("main").inner_html()
    for hidden in ("Rosalind", "Rowan", "999 000", "999000", "male", "LS6", "Oddny"):
        assert hidden not in content


def test_every_detail_that_can_be_typed_has_its_place(alike: OpenAPI, page: Page):
    enter(page)
    ask(page, given_name="Rowan", former_name="Quigly", postcode="ls6 2", sex="Female")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "1 possible match. It is not certain."
    )
    said = words(page.locator(".sp-card"))
    for detail in (
        "Postcode sector Same",
        "Sex male Different",
        "Family name, now or before Close",
    ):
        assert detail in said
    page.get_by_role("button", name="Add a detail").click()
    expect(page.get_by_label("Female")).to_be_checked()
    expect(page.get_by_label("Former family name")).to_have_value("Quigly")


def test_one_match_says_where_it_is_not_as_typed(alike: OpenAPI, page: Page):
    enter(page)
    find(page, ROSALIND)
    expect(page.locator("main")).not_to_contain_text("Not just as you gave it")
    ask(
        page, given_name="Rowan", family_name="Quigley", postcode="LS6 2AB", born=("5", "8", "2016")
    )
    expect(page.get_by_role("heading", level=1)).to_have_text("One match")
    expect(page.locator("main")).to_contain_text("birth date: day and month swapped")


def test_too_many_to_tell_names_the_details_that_would_help(crowded: OpenAPI, page: Page):
    enter(page)
    ask(page, given_name="Alex", family_name="Many")
    main = page.locator("main")
    for said in (
        "Too many to tell. Add a detail.",
        "You gave: given name and family name.",
        "NHS number, enough on its own",
        "date of birth",
        BROKER,
    ):
        expect(main).to_contain_text(said)
    expect(main.locator(".sp-card")).to_have_count(0)
    assert faults(page) == []
    assert too_wide(page) == []
    page.get_by_role("button", name="Add a detail").click()
    expect(page.get_by_label("Family name", exact=True)).to_have_value("Many")


def test_without_the_database_nobody_is_said_to_be_unknown(
    page: Page, monkeypatch: pytest.MonkeyPatch
):
    def away(*_: object) -> None:
        raise DatabaseAway("no answer")

    enter(page)
    with monkeypatch.context() as broken:
        broken.setattr(Graph, "ask", away)
        find(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("Signpost cannot answer now")
        for said in ("This says nothing about the child.", BROKER, "same details: NHS number"):
            expect(page.locator("main")).to_contain_text(said)
        assert "Nothing found" not in page.content()
        assert faults(page) == []
        assert too_wide(page) == []
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("One match")


def test_a_placeholder_and_half_a_date_are_said_at_their_fields(page: Page):
    enter(page)
    ask(page, given_name="Baby", former_name="Unknown", born=("5", "", "16"))
    expect(page.locator(".govuk-error-summary li")).to_have_text(
        [
            "Given name is not a name but what is written where it is not known; leave it empty.",
            "Date of birth must include a month, as 27 3 2019.",
            "Former family name is not a name but what is written where it is not known; leave it empty.",
        ]
    )
    expect(page.get_by_label("Former family name")).to_be_visible()
    ask(page, given_name="Chidi", born=("9", "6", "15"))
    expect(page.locator(".govuk-error-summary li")).to_have_text(
        ["Date of birth needs a year of four digits, as 27 3 2019."]
    )
    ask(page, given_name="Chidi")
    expect(page.locator("#nhs_number-error")).to_contain_text("at least two of family name")


def test_the_expected_date_of_an_unborn_child_is_a_date_of_birth(page: Page):
    enter(page)
    ask(page, family_name="Okafor", born=("1", "2", "2027"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing found")
    expect(page.locator("main")).to_contain_text("You gave: family name and date of birth.")


def test_each_detail_is_one_that_can_help():
    assert set(TELLING) == set(FindChild.model_fields) <= set(LABELS)


def test_a_restricted_childs_map_shows_only_the_broker_line(sign_in: SignIn):
    client = sign_in("nurse.one")
    text = client.get(f"/children/{client.find(SHIELDED)['handle']}").text
    assert "A restricted record exists" in text
    assert BROKER in text
    for words in ("Nowak", "Leeds", "sources were asked", "As it was"):
        assert words not in text


def test_an_example_fills_the_form_and_asks_nothing(page: Page):
    enter(page)
    page.goto("/find")
    page.get_by_role("button", name="Moved, with a gap").click()
    expect(page.get_by_label("NHS number")).to_have_value(CHIDI)
    expect(page.get_by_role("heading", level=1)).to_have_text("Find a child")


def test_a_lead_sees_where_break_glass_was_used(page: Page, sign_in: SignIn):
    auditor = sign_in("auditor.one")
    assert "It was not used." in auditor.get("/").text
    asked = {"nhs_number": CHIDI, "emergency": "danger to life now", "reference": "ED-7"}
    assert sign_in("lead.one").post("/api/find", asked).status_code == 200
    sign_in("nurse.one").post("/api/find", asked)
    assert "nurse.one" in auditor.get("/").text
    enter(page, "lead.one")
    expect(page.get_by_role("heading", name="in your area")).to_be_visible()


def test_without_script_and_on_a_telephone(plain_page: Page):
    page = plain_page
    enter(page)
    open_map(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Chidi Okafor")
    page.get_by_text("3 sources that send when due").click()
    expect(page.get_by_text("Leeds social care", exact=True).last).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who are you today?")


def too_wide(page: Page) -> list[int]:
    """At which widths of the screen the page is wider."""
    found = []
    for width in (320, 390, 768, 1400):
        page.set_viewport_size({"width": width, "height": 740})
        inside = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        found += [] if inside else [width]
    return found


def test_no_page_is_wider_than_its_screen(alike: OpenAPI, page: Page):
    for step in steps(page):
        assert too_wide(page) == [], step


def test_axe_finds_nothing_on_any_page(alike: OpenAPI, page: Page):
    for n, step in enumerate(steps(page), start=1):
        picture(page, f"{n:03} {step}")
        assert faults(page) == [], step


def picture(page: Page, name: str) -> None:
    """Keep what the page looks like, where somebody asked for it: `make shots`."""
    if folder := os.environ.get("SIGNPOST_SHOTS"):
        page.set_viewport_size({"width": 1100, "height": 900})
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


# What a browser lays out only once somebody scrolls there is looked at as well.
_SCROLLED_TO = """
  for (const one of document.querySelectorAll('.sp-below')) one.style.contentVisibility = 'visible';
"""


def steps(page: Page) -> Iterator[str]:
    """Go through every page, in every state, and stop at each when it has settled."""
    for step in states(page):
        page.wait_for_load_state()
        page.locator("body[data-ready]").wait_for()
        page.evaluate(_SCROLLED_TO)
        yield step


def states(page: Page) -> Iterator[str]:
    """Go on to the next page."""
    page.goto("/sign-in")
    yield "sign-in"
    page.get_by_role("button", name="Sign in").click()
    yield "sign-in, nobody chosen"
    page.get_by_text("Sign in by password").click()
    page.get_by_label("User name").fill("nadia.one")
    page.get_by_role("button", name="Sign in").last.click()
    yield "sign-in, not right"
    enter(page, "lead.one")
    yield "start of a lead"
    page.goto("/users")
    yield "users, none in one's own area"
    enter(page, "worker.one")
    yield "start, with a service"
    page.goto("/children")
    yield "children"
    enter(page)
    yield "start"
    page.goto("/looks/mine")
    yield "own look-ups, none"
    page.goto("/children")
    yield "children, no service"
    page.goto("/find")
    yield "find"
    page.get_by_role("button", name="Find", exact=True).click()
    yield "find, nothing given"
    find(page)
    yield "found"
    page.get_by_role("button", name="Whom do I ring").click()
    yield "map"
    map_ = page.url
    page.goto(f"{map_}?on=2026-04-10&known_at=never")
    yield "map, a wrong date"
    page.goto(f"{map_}/boundaries")
    yield "boundaries"
    page.goto(f"{map_}/boundaries?on=never")
    yield "boundaries, a wrong date"
    find(page, NAMESAKE)
    page.get_by_role("button", name="Whom do I ring").click()
    page.goto(f"{page.url}/boundaries")
    yield "boundaries, none"
    page.goto("/introductions")
    yield "introductions, none"
    page.goto("/corrections/mine")
    yield "own corrections, none"
    page.goto(map_)
    page.get_by_text("Something here is wrong?").click()
    page.get_by_role("button", name="Report it").click()
    yield "map, nothing said to be wrong"
    page.get_by_label("The named worker is wrong").check()
    page.locator("#correction-reference").fill("ED-1042")
    page.get_by_role("button", name="Report it").click()
    yield "something is reported as wrong"
    page.goto("/corrections/mine")
    yield "own corrections"
    page.goto("/looks/mine")
    yield "own look-ups"
    page.goto(map_)
    page.get_by_text("Ask the broker to connect you").click()
    page.get_by_role("button", name="Ask the broker").click()
    yield "map, nothing said to the broker"
    page.get_by_label("Your telephone at work").fill("01632 960201")
    page.locator("#broker-reference").fill("ED-1042")
    page.get_by_role("button", name="Ask the broker").click()
    yield "the broker is asked"
    page.goto("/introductions")
    yield "introductions"
    find(page, SHIELDED)
    yield "restricted"
    find(page, NOBODY)
    yield "none"
    ask(page, given_name="Baby", former_name="x1", born=("31", "2", "2016"), sex="Female")
    yield "find, faults in every part"
    ask(page, given_name="Rosalind", family_name="Quigly", born=("5", "8", "2016"))
    yield "possible matches"
    page.get_by_role("button", name="Add a detail").click()
    yield "find, filled again"
    ask(page, given_name="Nobby", family_name="Nobodaddy")
    yield "none, by name"
    page.goto("/sources")
    yield "sources"
    page.goto("/sources?authority=Leads&silent=yes")
    yield "sources, an authority that is none"
    page.goto("/sources?authority=Kent")
    yield "sources, none"
    page.goto("/services")
    yield "services, none in one's own area"
    page.goto("/services?authority=leeds")
    yield "services"
    page.goto("/children/nonsense")
    yield "not visible"
    enter(page, "nurse.two")
    break_glass(page)
    page.goto("/")
    yield "start, an emergency to explain"
    page.get_by_role("link", name="ED-1042").click()
    yield "explain"
    page.get_by_role("button", name="Record").click()
    yield "explain, nothing chosen"
    page.get_by_label("The child was made safe").check()
    page.get_by_label("Your case reference").fill("C-12")
    page.get_by_role("button", name="Record").click()
    yield "start, explained"
    NOW.forward(minutes=5)
    break_glass(page)
    NOW.forward(days=1)
    enter(page, "nurse.two")
    yield "start, late to explain"
    enter(page, "auditor.one")
    yield "start of an auditor"
    page.goto("/misuse")
    yield "misuse, a sign"
    page.goto("/misuse?days=0")
    yield "misuse, days that cannot be"
    NOW.forward(days=-1, minutes=-5)
    enter(page, "steward.one")
    yield "start of a steward"
    page.goto("/shields/child")
    yield "shield by details"
    page.get_by_role("button", name="Shield this child now").click()
    yield "shield by details, nothing given"
    page.goto("/broker")
    yield "the broker's queue"
    page.get_by_role("link", name="Open the request").click()
    yield "an introduction"
    page.get_by_role("button", name="Note it").click()
    yield "an introduction, nothing chosen"
    page.get_by_label("Nobody was reached").check()
    page.get_by_role("button", name="Note it").click()
    yield "the broker's queue, not reached"
    page.goto("/corrections")
    yield "corrections"
    page.get_by_role("link", name="Open the report").click()
    yield "a correction"
    page.get_by_role("button", name="Note it").click()
    yield "a correction, nothing chosen"
    page.get_by_label("The source was not reached").check()
    page.get_by_role("button", name="Note it").click()
    yield "corrections, not reached"
    page.goto("/users?done=confirmed")
    yield "users"
    page.goto("/shields")
    yield "shields, none"
    page.goto("/duplicates")
    yield "possible duplicates"
    page.locator("tbody a").first.click()
    yield "pair"
    page.get_by_role("button", name="Record the judgement").click()
    yield "pair, nothing chosen"
    page.get_by_label("I cannot tell").check()
    page.get_by_role("button", name="Record the judgement").click()
    yield "pair, judged"
    enter(page, "lead.one")
    page.goto("/misuse?days=1")
    yield "misuse, none"
    enter(page, "steward.one")
    page.goto("/duplicates?judgement=same")
    yield "possible duplicates, joined"
    page.goto("/duplicates?judgement=different")
    yield "possible duplicates, none"
    page.goto("/looks")
    yield "who looked, the form"
    page.get_by_role("button", name="Show who looked").click()
    yield "who looked, nothing given"
    page.get_by_label("NHS number").fill(NOBODY)
    page.get_by_role("button", name="Show who looked").click()
    yield "who looked, nobody beyond doubt"
    page.get_by_label("NHS number").fill(CHIDI)
    page.get_by_role("button", name="Show who looked").click()
    yield "who looked"
    page.get_by_text("Keep back from the family").first.click()
    page.locator(".sp-defer button").first.click()
    yield "who looked, no reason given"
    page.get_by_text("Keep back from the family").last.click()
    page.get_by_label("Reason").last.select_option("a police enquiry is open")
    page.get_by_label("Day of the review").last.fill(f"{NOW.at + timedelta(days=9):%Y-%m-%d}")
    page.get_by_label("Your case reference").last.fill("OP-7")
    page.locator(".sp-defer button").last.click()
    page.get_by_text("End this").click()
    yield "who looked, one kept back"
    page.get_by_role("button", name="Report for the family").click()
    yield "who looked, for the family"
    page.goto("/looks")
    yield "who looked, the form with what is kept back"
    page.get_by_label("NHS number").fill(SHIELDED)
    page.get_by_role("button", name="Show who looked").click()
    yield "who looked, restricted"
    page.goto("/services")
    yield "services, no authority named"
    page.goto("/services?authority=Leads")
    yield "services, an authority that is none"
    page.goto("/services?authority=383")
    page.get_by_role("button", name=", Leeds Front Door").click()
    yield "services, one confirmed"


def test_one_persons_handle_opens_nothing_for_another(sign_in: SignIn):
    mine, theirs = sign_in("nurse.one"), sign_in("nurse.two")
    handle = mine.find()["handle"]
    theirs.find()
    assert "Chidi" in mine.get(f"/children/{handle}").text
    NOW.forward(minutes=1)
    bodies = [theirs.get(f"/children/{one}") for one in (handle, "nonsense", handle[:-1], "é")]
    assert {body.status_code for body in bodies} == {404}
    texts = {without_token(body.text) for body in bodies}
    assert len(texts) == 1
    assert "or it is not for you to see" in texts.pop()


def without_token(text: str) -> str:
    """A page without the one thing that is new each time."""
    return "\n".join(line for line in text.splitlines() if "csrf_token" not in line)
