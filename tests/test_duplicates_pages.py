"""A steward's pages: pairs that may be one child, judged and taken back, by mouse and by keyboard."""

import re
from collections.abc import Callable

import pytest
from flask_openapi3 import OpenAPI
from playwright.sync_api import Page, expect

from graph import BadQuestion, Graph
from tests.test_pages import enter, faults, tab_to, words
from tests.web_clients import Client
from tests.world import CHIDI, NOW, SHIELDED
from web.comparing import Agreement

pytest_plugins = ("tests.web_fixtures",)
SignIn = Callable[[str], Client]
SAM = {"given_name": "Sam", "family_name": "same"}
BORN = {"birth_date-day": "1", "birth_date-month": "2", "birth_date-year": "2016"}
WHY = {"purpose": "missing child", "reference": "ED-1042"}
PERSONS = ("Sam", "Quigl", "Rosal", "Rowan", "Nowak", "Zofia", "999 000", "2016", "2012")


def first_pair(client: Client, judgement: str = "open") -> str:
    """The address of the first pair of a list."""
    text = client.get(f"/duplicates?judgement={judgement}").text
    found = re.search(r'href="(/duplicates/[^"]+)"', text)
    assert found
    return found[1]


def heading(client: Client) -> str:
    """What a nurse's search for Sam comes to."""
    text = client.send("/find", **SAM, **BORN, **WHY).text
    found = re.search(r"<h1[^>]*>(.*?)</h1>", text)
    assert found
    return found[1]


def record(page: Page, choice: str) -> None:
    page.get_by_label(choice).check()
    page.get_by_role("button", name="Record the judgement").click()


def test_a_list_says_nothing_of_who_they_are(alike: OpenAPI, sign_in: SignIn):
    client = sign_in("steward.one")
    for judgement in ("open", "same"):
        text = client.get(f"/duplicates?judgement={judgement}").text
        for personal in PERSONS:
            assert personal not in text
    assert "Joined by Signpost" in text
    assert "Shielded" in text
    assert "Leeds health, Leeds social care" in text


def test_judged_one_child_and_taken_back_by_mouse(page: Page, sign_in: SignIn):
    nurse = sign_in("nurse.one")
    assert heading(nurse).startswith("Possible matches: 2.")
    enter(page, "steward.one")
    expect(page.locator("main")).to_contain_text("1 pair of children may be one and waits")
    page.get_by_role("navigation").get_by_role("link", name="Possible duplicates").click()
    page.get_by_role("link", name=", pair 1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Are these two one child?")
    expect(page.get_by_label("Take it back")).to_have_count(0)
    NOW.forward(minutes=1)
    record(page, "Yes, one child")
    banner = page.get_by_role("region", name="Recorded")
    expect(banner).to_contain_text("One child. The two are shown as one child")
    expect(banner).to_contain_text("You can take this back at any time.")
    expect(page.locator(".sp-state")).to_contain_text(
        "Judged one child by steward.one, 23 November"
    )
    assert heading(nurse) == "One match"
    page.reload()
    NOW.forward(minutes=1)
    record(page, "Take it back")
    expect(banner).to_contain_text("Taken back. As if nobody had judged")
    expect(page.locator("tbody").last.locator("tr")).to_have_count(3)
    assert heading(nurse).startswith("Possible matches: 2.")
    banner.get_by_role("link").click()
    expect(page.locator("main")).to_contain_text("Taken back by steward.one")
    assert "Sam" not in page.title()


def test_judged_and_taken_back_by_keyboard_alone(page: Page):
    enter(page, "steward.one")
    tab_to(page, "main a[href='/duplicates']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Possible duplicates")
    tab_to(page, "tbody a")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Are these two one child?")
    tab_to(page, "main button")
    page.keyboard.press("Enter")
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Choose what you judge.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#verdict")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("No, two children")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator(".sp-state")).to_contain_text("Two children")
    page.locator("body[data-ready]").wait_for()
    tab_to(page, "input[name=verdict]")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Take it back")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".sp-state")).to_contain_text("To judge")
    expect(page.get_by_role("region", name="Recorded")).to_contain_text("Taken back.")


def test_both_sides_stand_field_by_field_with_their_sources(alike: OpenAPI, page: Page):
    enter(page, "steward.one")
    page.goto("/duplicates")
    links = page.locator("tbody a").all()
    for address in [link.get_attribute("href") or "" for link in links]:
        page.goto(address)
        if "Rosalind" in page.content():
            break
    rows = " | ".join(words(row) for row in page.locator(".sp-sides tbody tr").all())
    said = r"(Same|Different|Close [a-z ]+)"
    assert re.search(rf"Given name R\w+ Leeds health R\w+ Leeds health {said} \|", rows)
    assert re.search(
        rf"Birth date \d \w+ 2016 Leeds health \d \w+ 2016 Leeds health {said} \|", rows
    )
    assert re.search(r"Former family names (Oddny Leeds health not known|not known Oddny)", rows)
    expect(page.locator("main")).to_contain_text("Said of neither: expected date of birth, UPN.")
    for name in ("Quigley", "Rosalind", "Ros"):
        assert name not in page.title()


def test_why_two_were_not_joined_is_said(sign_in: SignIn):
    client = sign_in("steward.one")
    text = client.get(first_pair(client)).text
    assert "Why Signpost does not join them by itself" in text
    assert "Both have an NHS number, and the numbers differ." in text


def test_a_shielded_pair_says_so_and_judged_two_it_is_let_go(alike: OpenAPI, sign_in: SignIn):
    client, nurse = sign_in("steward.one"), sign_in("nurse.one")
    address = first_pair(client, "same")
    text = client.get(address).text
    for said in ("Joined by Signpost", "Both are shielded", "Shielding that came over this pair"):
        assert said in text
    assert client.send(address, verdict="different").status_code == 303
    assert "At least one of the two is shielded." in client.get(address).text
    assert nurse.find(SHIELDED)["restricted"]


def test_a_judgement_that_cannot_be_is_said_on_the_page(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_: object) -> None:
        raise BadQuestion("Take those back first.")

    client = sign_in("steward.one")
    address = first_pair(client)
    for verdict in ("", "Okafor"):
        answer = client.send(address, verdict=verdict)
        assert answer.status_code == 422
        assert "Choose what you judge." in answer.text
        assert "Okafor" not in answer.text
    monkeypatch.setattr(Graph, "judge", refuse)
    answer = client.send(address, verdict="different")
    assert answer.status_code == 422
    assert "Error: Are these two one child?" in answer.text
    assert answer.text.count("Take those back first.") == 2


def test_a_judgement_leads_back_to_its_pair_and_nothing_personal_is_in_the_address(sign_in: SignIn):
    client = sign_in("steward.one")
    address = first_pair(client)
    answer = client.send(address, verdict="unsure")
    assert (answer.status_code, answer.location) == (303, f"{address}?recorded=yes")
    assert "Not sure. They stand as two" in client.get(answer.location).text
    assert "Recorded" not in client.get(address).text
    assert "Not sure (1)" in client.get("/duplicates").text
    assert "No pair waits to be judged." in client.get("/duplicates").text


def test_a_handle_of_no_pair_is_not_found(sign_in: SignIn):
    steward, nurse = sign_in("steward.one"), sign_in("nurse.one")
    pair, child = first_pair(steward), nurse.find(CHIDI)["handle"]
    for address in ("/duplicates/nonsense", f"/duplicates/{child}", f"/children/{pair[12:]}"):
        assert steward.get(address).status_code == (403 if "children" in address else 404)
    for verdict in ("same", ""):
        assert steward.send("/duplicates/nonsense", verdict=verdict).status_code == 404
    assert nurse.send(pair, verdict="same").status_code == 403
    NOW.forward(days=1)
    assert sign_in("steward.one").get(pair).status_code == 404


def test_a_long_list_has_pages(crowded: OpenAPI, page: Page):
    enter(page, "steward.one")
    page.goto("/duplicates")
    expect(page.locator("tbody tr")).to_have_count(25)
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_title("Possible duplicates: to judge, page 2 of 3 - Signpost")
    assert faults(page) == []
    page.goto("/duplicates?page=never&judgement=nonsense")
    expect(page.locator("caption")).to_contain_text("page 1 of 3")
    page.goto("/duplicates?page=99")
    expect(page.locator("caption")).to_contain_text("page 3 of 3")


def test_only_a_steward_is_shown_the_way(sign_in: SignIn):
    assert "/duplicates" in sign_in("steward.one").get("/").text
    for person in ("nurse.one", "lead.one", "analyst.one", "auditor.one"):
        assert "/duplicates" not in sign_in(person).get("/").text


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("the same", ("Same", "")),
        ("different", ("Different", "")),
        ("spelt almost the same", ("Close", "spelt almost the same")),
    ],
)
def test_how_details_agree_is_said_in_words(said: str, shown: tuple[str, str]):
    found = Agreement.of(said)
    assert found
    assert (found.mark, found.words) == shown
    assert Agreement.of(None) is None
