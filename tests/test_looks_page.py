"""Who looked, on pages and on paper: only by POST, without the child's name, and for the family without
what is kept back."""

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask_openapi3 import OpenAPI
from pypdf import PdfReader

from graph import FindChild, Looks, Outcome
from tests.test_commands import machine, run
from tests.test_deferral import WORKER
from tests.web_clients import Client
from tests.world import BROKER, CHIDI, NOBODY, NOW, SHIELDED, STEWARD, World, leeds
from web.report import Report

__all__ = ["machine"]
pytest_plugins = ("tests.web_fixtures",)
POSTS = ("/looks", "/looks/report", "/looks/report.pdf")
NAMES = ("Okafor", "Chidi", CHIDI, "2015")


def text_of(pdf: bytes) -> str:
    """What a PDF says, in one line."""
    return " ".join(
        " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split()
    )


def looked_at(app: OpenAPI) -> None:
    """The nurse finds the child and opens the map."""
    nurse = Client(app, "nurse.one")
    handle = nurse.find()["handle"]
    NOW.forward(minutes=1)
    nurse.get(f"/children/{handle}")
    NOW.forward(minutes=1)


def handles(text: str) -> list[str]:
    return re.findall(r'name="look" value="([^"]+)"', text)


def defer(client: Client, look: str, **more: str):
    """Keep a look back for ten days."""
    until = f"{NOW.at + timedelta(days=10):%Y-%m-%d}"
    said = {"reason": "a police enquiry is open", "until": until, "reference": "OP-7", **more}
    return client.send("/looks/deferred", nhs_number=CHIDI, look=look, **said)


def test_a_steward_reads_who_looked_and_keeps_one_back(app: OpenAPI) -> None:
    looked_at(app)
    steward = Client(app, "steward.one")
    listed = steward.send("/looks", nhs_number=CHIDI)
    assert listed.status_code == 200
    assert "nurse.one (practitioner" in listed.text
    assert "the map of services: shown. Why: strategy discussion" in listed.text
    look = handles(listed.text)[0]
    NOW.forward(minutes=1)
    again = defer(steward, look)
    assert again.status_code == 200
    assert "Kept back" in again.text
    assert "a police enquiry is open. Decided by steward.one" in again.text
    NOW.forward(minutes=1)
    report = steward.send("/looks/report", nhs_number=CHIDI).text
    assert "the map of services" not in report
    assert "a search: shown" in report
    assert "police" not in report
    assert "1 review is due" in steward.get("/looks").text
    NOW.forward(minutes=1)
    mine = handles(steward.send("/looks", nhs_number=CHIDI).text)
    NOW.forward(minutes=1)
    kept = steward.send("/looks", nhs_number=CHIDI).text
    assert kept.count("Keep back no longer") == 1
    place = [one.split("</li>")[0] for one in kept.split('<li class="sp-card">')[1:]]
    [which] = [handles(one)[0] for one in place if "Keep back no longer" in one]
    assert which not in mine
    freed = defer(steward, which, end="yes", reason="", until="")
    assert freed.status_code == 200
    NOW.forward(minutes=1)
    assert "the map of services" in steward.send("/looks/report", nhs_number=CHIDI).text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"reason": ""}, "Give both a reason and the day of a review"),
        ({"until": ""}, "Give both a reason and the day of a review"),
        ({"until": "2027-12-24"}, "which is 90 days on"),
        ({"reference": "Chidi"}, "Your case reference is not a case reference"),
        ({"reference": ""}, "Your case reference is missing"),
        ({"reason": "because"}, "Reason must be"),
        ({"whole_service": "yes"}, "for no service"),
    ],
)
def test_what_is_wrong_with_it_is_said_and_nothing_is_kept_back(
    app: OpenAPI, wrong: dict[str, str], said: str
) -> None:
    looked_at(app)
    steward = Client(app, "steward.one")
    look = handles(steward.send("/looks", nhs_number=CHIDI).text)[0]
    answer = defer(steward, look, **wrong)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Nothing was written" in answer.text
    assert "Keep back no longer" not in answer.text


def test_a_handle_that_opens_nothing_is_a_page_that_is_not_there(app: OpenAPI) -> None:
    looked_at(app)
    assert defer(Client(app, "steward.one"), "nonsense").status_code == 404


def test_an_auditor_reads_and_keeps_nothing_back(app: OpenAPI) -> None:
    looked_at(app)
    auditor = Client(app, "auditor.one")
    listed = auditor.send("/looks", nhs_number=CHIDI)
    assert "nurse.one" in listed.text
    assert handles(listed.text) == []
    assert defer(auditor, "x").status_code == 403


def test_the_pdf_says_what_the_page_says_and_names_no_child(app: OpenAPI) -> None:
    looked_at(app)
    steward = Client(app, "steward.one")
    page = steward.send("/looks/report", nhs_number=CHIDI).text
    NOW.forward(minutes=1)
    answer = steward.send("/looks/report.pdf", nhs_number=CHIDI)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == "attachment; filename=who-looked.pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    said = text_of(answer.data)
    for words in (
        "Who looked at the record of a child",
        "for the child whose details were given",
        "nurse.one (practitioner",
        "Why: strategy discussion, their reference ED-1042.",
        "These words stand in every report",
    ):
        assert words in said
        assert words in " ".join(page.replace("&#39;", "'").split())
    # The report on the page was itself a look.
    assert "steward.one (steward); who has looked: shown." in said
    main = page[page.index("<h1") :]
    reader = PdfReader(io.BytesIO(answer.data))
    told = f"{said} {reader.metadata} {main}"
    assert [name for name in NAMES if name in told] == []
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "en"


def test_what_is_kept_back_is_not_in_the_pdf(app: OpenAPI) -> None:
    looked_at(app)
    steward = Client(app, "steward.one")
    for look in handles(steward.send("/looks", nhs_number=CHIDI).text):
        defer(steward, look)
        NOW.forward(minutes=1)
    said = text_of(steward.send("/looks/report.pdf", nhs_number=CHIDI).data)
    assert "nurse.one" not in said
    assert "ED-1042" not in said
    assert "These words stand in every report" in said


def test_without_one_child_beyond_doubt_there_is_no_report(app: OpenAPI) -> None:
    steward = Client(app, "steward.one")
    for address in POSTS:
        for details in ({"nhs_number": NOBODY}, {"family_name": "Okafur", "given_name": "Chidi"}):
            answer = steward.send(address, **details)
            assert answer.status_code == 422
            assert "not of one child beyond doubt" in answer.text
        empty = steward.send(address)
        assert empty.status_code == 422
        assert "at least two of family name" in empty.text


def test_of_a_shielded_child_there_is_only_the_broker_line(app: OpenAPI) -> None:
    Client(app, "nurse.one").find(SHIELDED)
    for address in POSTS:
        answer = Client(app, "steward.one").send(address, nhs_number=SHIELDED)
        assert answer.mimetype == "text/html"
        assert "A restricted record exists" in answer.text
        assert BROKER in answer.text
        assert "nurse.one" not in answer.text


def test_details_in_an_address_are_not_read(app: OpenAPI) -> None:
    text = Client(app, "steward.one").get(f"/looks?nhs_number={CHIDI}").text
    assert CHIDI not in text


@pytest.mark.parametrize("person", ["nurse.one", "lead.one", "analyst.one"])
def test_nobody_else_may(app: OpenAPI, person: str) -> None:
    client = Client(app, person)
    assert client.get("/looks").status_code == 403
    for address in (*POSTS, "/looks/deferred"):
        assert client.send(address, nhs_number=CHIDI).status_code == 403
    for address in ("/api/looks", "/api/looks/deferred"):
        assert client.post(address, {}).status_code == 403
    assert '"/looks"' not in client.get("/").text


def test_the_same_for_programs(app: OpenAPI) -> None:
    looked_at(app)
    steward = Client(app, "steward.one")
    found = steward.post("/api/looks", {"nhs_number": CHIDI}).json
    assert (found["outcome"], found["total"]) == ("one match", 2)
    until = f"{NOW.at + timedelta(days=10):%Y-%m-%d}"
    word = {"look": found["looks"][0]["handle"], "reference": "OP-7", "until": until}
    refused = steward.post("/api/looks/deferred", word)
    assert refused.status_code == 422
    assert "both a reason" in refused.text
    kept = steward.post("/api/looks/deferred", {**word, "reason": "a police enquiry is open"}).json
    assert [one["reference"] for one in kept["deferrals"]] == ["OP-7"]
    assert steward.get("/api/looks/deferred").json == kept
    NOW.forward(minutes=1)
    family = steward.post("/api/looks", {"nhs_number": CHIDI, "for_family": True}).json
    assert [one["question"] for one in family["looks"]] == ["WhoLooked", "FindChild"]
    assert {one["handle"] for one in family["looks"]} == {None}


def looks_of(**said: object) -> Looks:
    """One look with these words in it."""
    look = {
        "at": NOW.at,
        "user": "nurse.one",
        "role": "practitioner",
        "service": None,
        "authority": None,
        "question": "FindChild",
        "shown": True,
        "restricted": False,
        "ground": None,
        "purpose": None,
        "emergency": None,
        "reference": None,
        **said,
    }
    return Looks.model_validate({"outcome": Outcome.ONE, "looks": [look], "total": 1})


@pytest.mark.parametrize(
    "name",
    [
        "Gwasanaeth Plant Tŵr ŷ Llŷn",
        "Zażółć Ελλάδα Київ",
        '#panic("no") *bold* $x$ = head \\ @ref <label> `raw` [b] // gone',
        '"], "note": "other',
        "<b>bold</b> {{ 7 * 7 }}",
    ],
)
def test_any_name_stands_in_the_pdf_as_it_is_and_does_nothing(name: str) -> None:
    said = text_of(Report(looks_of(service=name), NOW.at, BROKER).pdf())
    assert f"nurse.one (practitioner, {name})" in said


def test_a_long_report_has_numbered_pages_and_every_look() -> None:
    [look] = looks_of().looks
    many = [
        look.model_copy(update={"reference": f"R-{n}", "purpose": "missing child"})
        for n in range(200)
    ]
    pdf = Report(Looks(outcome=Outcome.ONE, looks=many, total=4_000), NOW.at, BROKER).pdf()
    said = text_of(pdf)
    pages = len(PdfReader(io.BytesIO(pdf)).pages)
    assert pages > 5
    assert f"{pages} / {pages}" in said
    assert [n for n in range(200) if f"their reference R-{n}." not in said] == []
    assert "These are the latest 200 of 4,000 looks; lists of" in said


def test_by_command_the_pdf_goes_to_a_file_that_was_not_there(
    machine: Path, world: World, tmp_path: Path
) -> None:
    world.map()
    file = tmp_path / "report.pdf"
    words = ["audit", "looks", "--stdin", "--pdf", str(file)]
    assert "for you only" in run(*words, stdin=f"nhs_number={CHIDI}\n")
    assert "nurse.one (practitioner); the map of services" in text_of(file.read_bytes())
    assert file.stat().st_mode & 0o077 == 0
    before = file.read_bytes()
    with pytest.raises(AssertionError, match="is there already"):
        run(*words, stdin=f"nhs_number={CHIDI}\n")
    assert file.read_bytes() == before
    hidden = ["audit", "looks", "--stdin", "--pdf", str(tmp_path / "other.pdf")]
    assert "A restricted record exists" in run(*hidden, stdin=f"nhs_number={SHIELDED}\n")
    assert not (tmp_path / "other.pdf").exists()


def test_a_services_name_that_holds_markup_is_text_on_the_page_and_on_paper(
    app: OpenAPI, world: World
) -> None:
    odd = (
        leeds()
        .services[0]
        .model_copy(
            update={
                "service": leeds()
                .services[0]
                .service.model_copy(update={"name": "<i>Odd</i> & #co"})
            }
        )
    )
    world.graph.load(STEWARD, leeds(services=[odd, leeds().services[1]], extracted="2026-11-21"))
    world.graph.ask(WORKER, FindChild(nhs_number=CHIDI))
    steward = Client(app, "steward.one")
    assert (
        "&lt;i&gt;Odd&lt;/i&gt; &amp; #co" in steward.send("/looks/report", nhs_number=CHIDI).text
    )
    NOW.forward(minutes=1)
    assert "<i>Odd</i> & #co" in text_of(steward.send("/looks/report.pdf", nhs_number=CHIDI).data)
