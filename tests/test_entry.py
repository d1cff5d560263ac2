"""The way in, as a browser has it: password and code, an organisation, a second factor again, limits."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
import requests
from flask.testing import FlaskClient
from flask_openapi3 import OpenAPI

from graph import Accounts, BadSetting, Graph, MisuseSigns, NewUser, Role, Secrets, Settings
from tests.conftest import free_port
from tests.web_clients import Client
from tests.world import CHIDI, LEEDS, NOW, STEWARD, World
from web import create_app
from web.claims import Claims

pytest_plugins = ("tests.web_fixtures",)
PASSWORD = "tractor lemon quiet harbour"
NADIA = NewUser(id="nadia.one", name="Nadia One", role=Role.PRACTITIONER, authority=LEEDS)
LENA = NewUser(id="lena.lead", name="Lena Lead", role=Role.LEAD, authority=LEEDS)
TABLE = f"""
[[access]]
claim = "groups"
holds = "nurses"
role = "practitioner"
authority = "{LEEDS}"

[[access]]
claim = "groups"
holds = "leads"
role = "lead"
authority_claim = "area"
"""
FACTOR = """
[second_factor]
claim = "amr"
holds = "mfa"
"""


@pytest.fixture
def own(world: World, tmp_path: Path) -> OpenAPI:
    """The app without a demo."""
    return create_app(world.graph, Settings.read({"SIGNPOST_HOME": str(tmp_path)}))


@pytest.fixture
def given(own: OpenAPI, graph: Graph) -> Secrets:
    return Accounts(graph).add(STEWARD, NADIA, PASSWORD)


def sent(client: FlaskClient, address: str, **form: str):
    form["csrf_token"] = client.get("/api/session").json["csrf_token"]
    return client.post(address, data=form)


def code(given: Secrets) -> str:
    return pyotp.TOTP(given.otp).at(NOW.at)


def sign_in(client: FlaskClient, user: str, given: Secrets):
    return sent(client, "/sign-in", user=user, password=PASSWORD, code=code(given))


def test_by_password_and_code(own: OpenAPI, given: Secrets):
    client = own.test_client()
    wrong = sent(client, "/sign-in", user="nadia.one", password="not this one", code="000000")
    assert (wrong.status_code, client.get("/").status_code) == (401, 303)
    assert "is not right" in wrong.text
    assert "not this one" not in wrong.text
    before = client.get("/api/session").json["csrf_token"]
    assert sign_in(client, "nadia.one", given).location == "/"
    assert "Nadia One, practitioner" in client.get("/").text
    assert client.get("/api/session").json["csrf_token"] != before
    sent(client, "/sign-out")
    assert client.get("/").status_code == 303


def test_a_cookie_from_before_does_not_become_a_session(own: OpenAPI, given: Secrets):
    """Session fixation: what somebody put into the browser is not what is signed in."""
    client, thief = own.test_client(), own.test_client()
    client.get("/sign-in")
    planted = client.get_cookie("signpost")
    assert planted
    thief.set_cookie("signpost", planted.value)
    sign_in(client, "nadia.one", given)
    assert thief.get("/").status_code == 303


def test_a_cookie_that_was_copied_is_nothing_after_signing_out(own: OpenAPI, given: Secrets):
    client, thief = own.test_client(), own.test_client()
    sign_in(client, "nadia.one", given)
    thief.set_cookie("signpost", client.get_cookie("signpost").value)
    assert thief.get("/").status_code == 200
    sent(client, "/sign-out")
    assert thief.get("/").status_code == 303


def test_break_glass_needs_a_code_again(own: OpenAPI, given: Secrets):
    client = own.test_client()
    sign_in(client, "nadia.one", given)
    NOW.forward(minutes=11)
    asked = {"nhs_number": CHIDI, "emergency": "danger to life now", "reference": "ED-1"}
    refused = sent(client, "/find", **asked)
    assert refused.status_code == 422
    assert "One-time code is needed" in refused.text
    assert CHIDI in refused.text
    assert sent(client, "/find", **asked, code="000000").status_code == 422
    token = {"X-CSRFToken": client.get("/api/session").json["csrf_token"]}
    assert client.post("/api/find", json=asked, headers=token).status_code == 422
    shown = code(given)
    found = sent(client, "/find", **asked, code=shown)
    assert "Chidi" in found.text
    assert shown not in found.text
    assert client.post("/api/find", json=asked, headers=token).status_code == 200


def test_the_familys_file_needs_a_code_again(own: OpenAPI, graph: Graph):
    steward = NewUser(id="sam.steward", name="Sam", role=Role.STEWARD)
    given = Accounts(graph).add(STEWARD, steward, PASSWORD)
    client = own.test_client()
    sign_in(client, "sam.steward", given)
    assert sent(client, "/looks/report.pdf", nhs_number=CHIDI).mimetype == "application/pdf"
    NOW.forward(minutes=11)
    assert "One-time code" in sent(client, "/looks/report", nhs_number=CHIDI).text
    for wrong in ({}, {"code": "000000"}):
        refused = sent(client, "/looks/report.pdf", nhs_number=CHIDI, **wrong)
        assert (refused.status_code, refused.mimetype) == (422, "text/html")
        assert "is needed to take a file away" in refused.text
    shown = code(given)
    assert sent(client, "/looks/report.pdf", nhs_number=CHIDI, code=shown).data[:5] == b"%PDF-"


def test_a_map_is_taken_away_with_a_code_again(own: OpenAPI, given: Secrets):
    client = own.test_client()
    sign_in(client, "nadia.one", given)
    token = {"X-CSRFToken": client.get("/api/session").json["csrf_token"]}
    stated = {"nhs_number": CHIDI, "purpose": "missing child", "reference": "ED-1"}
    [child] = client.post("/api/find", json=stated, headers=token).json["children"]
    address = f"/children/{child['handle']}/export"
    NOW.forward(minutes=11)
    for wrong in ({}, {"code": "000000"}, {"picture": "1"}):
        refused = sent(client, address, **wrong)
        assert (refused.status_code, refused.mimetype) == (422, "text/html")
        assert "is needed to take a file away" in refused.text
    taken = sent(client, address, code=code(given))
    assert (taken.status_code, taken.mimetype) == (200, "text/csv")
    assert sent(client, address, picture="1").status_code == 204


def test_a_lead_confirms_and_ends_access_on_the_page(own: OpenAPI, given: Secrets, graph: Graph):
    leads = Accounts(graph).add(STEWARD, LENA, PASSWORD)
    nurse, lead = own.test_client(), own.test_client()
    sign_in(nurse, "nadia.one", given)
    sign_in(lead, "lena.lead", leads)
    page = lead.get("/users").text
    assert "Nadia One" in page
    assert "Somebody else confirms yours" in page
    assert sent(lead, "/users", user="nadia.one", confirm="1").location == "/users?done=confirmed"
    assert sent(lead, "/users", user="lena.lead", confirm="1").status_code == 422
    assert nurse.get("/users").status_code == 403
    assert sent(lead, "/users", user="nadia.one", end="1").location == "/users?done=ended"
    assert nurse.get("/").status_code == 303
    assert "Access ended" in lead.get("/users?done=ended").text


def test_who_walks_through_names_is_slowed_down_and_their_lead_can_see_it(
    own: OpenAPI, given: Secrets, graph: Graph, bare
):
    client = own.test_client()
    sign_in(client, "nadia.one", given)
    token = {"X-CSRFToken": client.get("/api/session").json["csrf_token"]}
    asked = {"family_name": "Nobody", "given_name": "Known"}
    answers = [client.post("/api/find", json=asked, headers=token) for _ in range(33)]
    assert {one.status_code for one in answers[:30]} == {200}
    assert {one.status_code for one in answers[30:]} == {429}
    assert answers[-1].mimetype == "application/problem+json"
    assert int(answers[-1].headers["Retry-After"]) <= 61
    assert "your lead is told" in sent(client, "/find", nhs_number=CHIDI).text
    rows = bare(
        "MATCH (r:Access {outcome: 'slowed down'}) RETURN r.user AS user, r.user_authority AS area"
    )
    assert rows == [{"user": "nadia.one", "area": LEEDS}]
    signs = graph.ask(LENA.viewer(), MisuseSigns()).signs
    assert {sign.pattern.value for sign in signs} == {
        "slowed down",
        "searches that walk through names",
    }


def test_ten_thousand_wrong_passwords_are_mostly_not_even_looked_at(
    own: OpenAPI, given: Secrets, bare
):
    client = own.test_client()
    token = client.get("/api/session").json["csrf_token"]
    form = {"user": "nadia.one", "password": "x" * 20, "code": "000000", "csrf_token": token}
    seen = [client.post("/sign-in", data=form).status_code for _ in range(10_000)]
    assert set(seen) == {401, 429}
    assert seen.count(401) <= 600
    [row] = bare("MATCH (r:Access {question: 'SignIn'}) RETURN count(r) AS n")
    assert row["n"] == seen.count(401)
    assert client.get("/").status_code == 303


@pytest.fixture
def issuer() -> Iterator[str]:
    """A real OpenID provider of its own process, at a free port."""
    port = free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    provider = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            requests.get(f"{address}/.well-known/openid-configuration", timeout=5)
            break
        except requests.ConnectionError:
            time.sleep(0.2)
    yield address
    provider.terminate()
    provider.wait()


@pytest.fixture
def hosted(world: World, tmp_path: Path, issuer: str) -> OpenAPI:
    """The app where an organisation signs people in."""
    return create_app(world.graph, organisation_settings(tmp_path, issuer))


def organisation_settings(folder: Path, issuer: str, table: str = TABLE) -> Settings:
    secret, claims = folder / "secret", folder / "claims.toml"
    secret.write_text("s3cret\n")
    secret.chmod(0o600)
    claims.write_text(table)
    return Settings.read(
        {
            "SIGNPOST_HOME": str(folder),
            "SIGNPOST_OIDC_ISSUER": issuer,
            "SIGNPOST_OIDC_SECRET_FILE": str(secret),
            "SIGNPOST_OIDC_CLAIMS_FILE": str(claims),
        }
    )


def through(client: FlaskClient, issuer: str, who: str, again: str = ""):
    """Go to the organisation, sign in there, and come back; its answer."""
    asked = client.get(f"/sign-in/organisation{again}")
    assert asked.location.startswith(f"{issuer}/oauth2/authorize?"), asked.location
    there = requests.post(asked.location, data={"sub": who}, allow_redirects=False, timeout=20)
    back = urlsplit(there.headers["Location"])
    assert back.path == "/sign-in/back"
    return client.get(f"{back.path}?{back.query}")


def claims(issuer: str, who: str, **said: object) -> None:
    answer = requests.put(f"{issuer}/users/{who}", json=said, timeout=20)
    assert answer.status_code == 204


def test_an_organisation_signs_somebody_in(hosted: OpenAPI, issuer: str):
    claims(issuer, "17", preferred_username="Nadia.One", name="Nadia One", groups=["x", "nurses"])
    client = hosted.test_client()
    assert "Sign in through your organisation" in client.get("/sign-in").text
    asked = parse_qs(urlsplit(client.get("/sign-in/organisation").location).query)
    assert (asked["code_challenge_method"], len(asked["code_challenge"][0])) == (["S256"], 43)
    assert asked["nonce"]
    assert through(client, issuer, "17").location == "/"
    who = client.get("/api/session").json
    assert (who["person"], who["role"]) == ("nadia.one", "practitioner")
    cookie = client.get("/sign-in").headers["Set-Cookie"]
    assert "SameSite=Lax" in cookie


def test_a_second_factor_is_the_organisations(hosted: OpenAPI, issuer: str):
    claims(issuer, "17", preferred_username="nadia.one", groups="nurses")
    client = hosted.test_client()
    through(client, issuer, "17")
    NOW.forward(minutes=11)
    asked = {"nhs_number": CHIDI, "emergency": "danger to life now", "reference": "ED-1"}
    refused = sent(client, "/find", **asked)
    assert "/sign-in/organisation?again=1" in refused.text
    assert "max_age=0" in client.get("/sign-in/organisation?again=1").location
    through(client, issuer, "17", "?again=1")
    assert "Chidi" in sent(client, "/find", **asked).text
    NOW.forward(minutes=11)
    assert sent(client, "/find", **asked).status_code == 422


def test_a_silent_sign_in_is_no_second_factor(hosted: OpenAPI, issuer: str):
    """For which nobody at the organisation was asked anything, whatever Signpost asked for."""
    client, long_ago = hosted.test_client(), int(time.time()) - 480
    asked = {"nhs_number": CHIDI, "emergency": "danger to life now", "reference": "ED-1"}
    who = {"preferred_username": "nadia.one", "groups": "nurses"}
    for again, said, status in (
        ("", {}, 422),
        ("?again=1", {"auth_time": long_ago}, 422),
        ("?again=1", {"auth_time": None}, 422),
        ("?again=1", {}, 200),
    ):
        claims(issuer, "17", **who, **said)
        assert through(client, issuer, "17", again).location == "/"
        assert sent(client, "/find", **asked).status_code == status


def test_a_second_factor_counts_from_when_it_was_given(world: World, tmp_path: Path, issuer: str):
    settings = organisation_settings(tmp_path, issuer, TABLE + FACTOR)
    client, at = create_app(world.graph, settings).test_client(), int(time.time()) - 300
    asked = {"nhs_number": CHIDI, "emergency": "danger to life now", "reference": "ED-1"}
    who = {"preferred_username": "nadia.one", "groups": "nurses", "auth_time": at}
    claims(issuer, "17", **who, amr=["pwd"])
    through(client, issuer, "17", "?again=1")
    assert sent(client, "/find", **asked).status_code == 422
    claims(issuer, "17", **who, amr=["pwd", "mfa"])
    through(client, issuer, "17")
    assert sent(client, "/find", **asked).status_code == 200
    NOW.forward(minutes=6)
    assert sent(client, "/find", **asked).status_code == 422


@pytest.mark.parametrize(
    ("table", "asked", "given", "counts"),
    [
        ("", 30, 10, True),
        ("", 30, 480, False),
        ("", 30, None, False),
        ("", 30, -180, False),
        ("", 30, "10", False),
        ("", None, 0, False),
        (FACTOR, 30, 10, True),
        (FACTOR, 30, 480, False),
        (FACTOR, None, 480, True),
        (FACTOR, None, 720, False),
        (FACTOR, None, None, False),
        (FACTOR, None, float("nan"), False),
    ],
)
def test_which_time_of_a_second_factor_counts(
    tmp_path: Path, table: str, asked: int | None, given: object, counts: bool
):
    """asked, given: how many seconds ago."""
    file, now = tmp_path / "claims.toml", time.time()
    file.write_text(TABLE + table)
    at = now - given if isinstance(given, int | float) else given
    said = {"amr": ["pwd", "mfa"], "auth_time": at}
    age = Claims.read(file).proved(said, None if asked is None else now - asked)
    assert (age is not None) == counts
    assert age is None or abs(age.total_seconds() - float(str(given))) < 30
    if table:
        assert Claims.read(file).proved({**said, "amr": ["pwd"]}, now) is None


def test_that_it_was_asked_again_is_not_taken_from_the_address(hosted: OpenAPI, issuer: str):
    claims(issuer, "17", preferred_username="nadia.one", groups="nurses")
    client = hosted.test_client()
    client.get("/sign-in/organisation?again=1")
    asked = client.get("/sign-in/organisation").location + "&prompt=login&max_age=0"
    there = requests.post(asked, data={"sub": "17"}, allow_redirects=False, timeout=20)
    back = urlsplit(there.headers["Location"])
    assert client.get(f"{back.path}?{back.query}&asked_again=1&again=1").location == "/"
    emergency = {"nhs_number": CHIDI, "emergency": "danger to life now", "reference": "ED-1"}
    assert sent(client, "/find", **emergency).status_code == 422


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"preferred_username": "nadia.one"}, "gives you no access here"),
        ({"preferred_username": "nadia.one", "groups": ["nurse"]}, "gives you no access here"),
        ({"groups": ["nurses"]}, "does not fit: id"),
        ({"preferred_username": "lena.lead", "groups": ["leads"]}, "does not fit"),
        ({"preferred_username": "lena", "groups": ["leads"], "area": "999"}, "does not fit"),
    ],
)
def test_what_the_table_does_not_name_gives_no_access(
    hosted: OpenAPI, issuer: str, said: dict[str, object], sentence: str
):
    claims(issuer, "17", **said)
    client = hosted.test_client()
    answer = through(client, issuer, "17")
    assert answer.status_code == 401
    assert sentence in answer.text
    assert client.get("/").status_code == 303


def test_who_has_no_access_any_more_loses_the_session_too(hosted: OpenAPI, issuer: str, bare):
    said = {"preferred_username": "nadia.one", "name": "Nadia One"}
    claims(issuer, "17", **said, groups=["nurses"])
    here, elsewhere = hosted.test_client(), hosted.test_client()
    for client in (here, elsewhere):
        through(client, issuer, "17")
        assert client.get("/").status_code == 200
    claims(issuer, "17", **said, groups=["gone"])
    assert through(here, issuer, "17").status_code == 401
    assert {client.get("/").status_code for client in (here, elsewhere)} == {303}
    claims(issuer, "18", preferred_username="omar.two", groups=["gone"])
    assert through(here, issuer, "18").status_code == 401
    rows = bare(
        "MATCH (r:Access {outcome: 'not signed in'}) RETURN r.question AS what, r.user AS user"
    )
    assert sorted((row["what"], row["user"]) for row in rows) == [
        ("SignIn", "nadia.one"),
        ("SignIn", "unknown"),
    ]


def test_an_answer_that_was_not_asked_for_is_refused(hosted: OpenAPI, issuer: str):
    claims(issuer, "17", preferred_username="nadia.one", groups=["nurses"])
    asked = hosted.test_client().get("/sign-in/organisation")
    there = requests.post(asked.location, data={"sub": "17"}, allow_redirects=False, timeout=20)
    back = urlsplit(there.headers["Location"])
    other = hosted.test_client()
    for query in (back.query, "", "code=x&state=y", "error=access_denied"):
        answer = other.get(f"/sign-in/back?{query}")
        assert answer.status_code == 401, query
        assert other.get("/").status_code == 303


def test_an_organisation_that_is_away_is_a_sentence(graph: Graph, tmp_path: Path):
    away = organisation_settings(tmp_path, f"http://127.0.0.1:{free_port()}")
    answer = create_app(graph, away).test_client().get("/sign-in/organisation")
    assert answer.status_code == 401
    assert "did not answer" in answer.text


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("x", "is not TOML"),
        ("", "access"),
        ('[[access]]\nclaim = "a"\nholds = "b"\nrole = "chief"\n', "SIGNPOST_OIDC_CLAIMS_FILE"),
    ],
)
def test_a_table_that_does_not_fit_stops_the_start(
    graph: Graph, tmp_path: Path, table: str, says: str
):
    settings = organisation_settings(tmp_path, "http://127.0.0.1:9", table)
    with pytest.raises(BadSetting, match=says):
        create_app(graph, settings)
    with pytest.raises(BadSetting, match="SECRET_FILE"):
        create_app(graph, replace(settings, oidc_secret_file=None))


def test_behind_a_proxy_its_own_name_is_answered(graph: Graph, tmp_path: Path):
    env = {"SIGNPOST_HOME": str(tmp_path), "SIGNPOST_URL": "https://signpost.example.org"}
    app = create_app(graph, Settings.read(env))
    answer = app.test_client().get("/sign-in", headers={"Host": "signpost.example.org"})
    assert answer.status_code == 200
    assert answer.headers["Set-Cookie"].startswith("__Host-signpost=")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    here = create_app(graph, Settings.read({"SIGNPOST_HOME": str(tmp_path)})).test_client()
    for answer in (here.get("/sign-in"), here.get("/sign-in", base_url="https://127.0.0.1")):
        assert "Strict-Transport-Security" not in answer.headers
    with pytest.raises(BadSetting, match="SIGNPOST_URL"):
        Settings.read({"SIGNPOST_URL": "signpost.example.org/x"})
    with pytest.raises(BadSetting, match="SIGNPOST_URL too"):
        create_app(graph, Settings.read(env | {"SIGNPOST_DEMO": "on"}))


def test_the_api_signs_in_and_out(own: OpenAPI, given: Secrets):
    client = Client(own)
    body = {"user": "nadia.one", "password": PASSWORD, "code": code(given)}
    assert client.post("/api/session", body | {"code": "000000"}).status_code == 401
    assert client.post("/api/session", body).json["person"] == "nadia.one"
    away = client.http.delete("/api/session", headers={"X-CSRFToken": client.token})
    assert away.json["person"] is None


def test_no_secret_stands_in_a_page(own: OpenAPI, given: Secrets):
    client = own.test_client()
    sign_in(client, "nadia.one", given)
    held = re.sub(r"\..*", "", client.get_cookie("signpost").value)
    text = client.get("/").text + client.get("/find").text
    assert held not in text
