"""What somebody sends who means harm, at every address: never a fault of ours, never a way in."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient
from flask_openapi3 import OpenAPI

from tests.test_nondisclosure import BODIES
from tests.web_clients import PERSONAL, Client, unhurried
from tests.world import NOBODY
from web.permission import access_of

pytest_plugins = ("tests.web_fixtures",)
NONE = "no-handle-at-all"
CYPHER = "x'}) DETACH DELETE n //"
NASTY = (
    CYPHER,
    '"}) MATCH (n) DETACH DELETE n RETURN n //',
    "$clearance",
    "<script>alert(1)</script>",
    "a\r\nSet-Cookie: signpost=stolen",
    "//evil.example.org/",
    "{{ 7 * 7 }}",
    "\x00",
    "é" * 300,
    "-1e309",
)
MORE = {
    "pages.find_sent": ("given_name", "family_name", "postcode", "purpose", "emergency", "code"),
    "entry.sign_in_sent": ("person", "user", "password", "code"),
    "looks.listed": ("nhs_number", "family_name", "given_name"),
    "looks.report": ("nhs_number", "family_name"),
    "looks.deferred": ("nhs_number", "until", "reason"),
}
WRONG_TYPES: tuple[Any, ...] = ([], "text", 7, None, {"x": {"y": {}}}, [[[]]])


@pytest.fixture
def app(app: OpenAPI) -> OpenAPI:
    """The app, where whoever attacks is not merely slowed down."""
    return unhurried(app)


def posts(app: OpenAPI, json: bool) -> Iterator[tuple[str, str, list[str]]]:
    """Every address that takes a form, or JSON: endpoint, address, names of its fields."""
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and rule.rule.startswith("/api/") == json:
            fields = [*BODIES.get(rule.endpoint, {}), *MORE.get(rule.endpoint, ())]
            yield rule.endpoint, re.sub(r"<[^>]*>", "x", rule.rule), fields


def things(bare) -> Any:
    """How many nodes there are of everything but records and sessions."""
    return bare(
        "MATCH (n) WHERE NOT n:Access AND NOT n:Session AND NOT n:User "
        "RETURN labels(n) AS labels, count(*) AS n ORDER BY labels"
    )


@pytest.mark.parametrize("who", ["nurse.one", "steward.one"])
def test_nothing_typed_is_run_shown_as_a_page_or_sent_as_a_header(app: OpenAPI, bare, who: str):
    before = things(bare)
    for endpoint, address, fields in posts(app, json=False):
        client = Client(app, who)
        for nasty in NASTY:
            sent = dict.fromkeys(fields, nasty) | {"csrf_token": client.token}
            answer = client.http.post(address, data=sent)
            assert answer.status_code < 500, (endpoint, nasty)
            assert "<script>alert" not in answer.text, endpoint
            assert "49" not in re.findall(r"\b49\b", answer.text), endpoint
            assert "stolen" not in str(answer.headers), endpoint
            assert (answer.location or "/").startswith("/"), endpoint
            assert not (answer.location or "/").startswith("//"), endpoint
            client = Client(app, who) if endpoint == "entry.sign_out" else client
    assert things(bare) == before


@pytest.mark.parametrize("who", ["lead.one", "steward.one"])
def test_nothing_in_an_address_is_run_shown_or_followed(app: OpenAPI, bare, who: str):
    before, client = things(bare), Client(app, who)
    names = ("authority", "agency", "silent", "page", "on", "known_at", "judgement", "done", "next")
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "assets.asset":
            continue
        for nasty in NASTY:
            address = re.sub(r"<[^>]*>", "x", rule.rule)
            answer = client.http.get(address, query_string=dict.fromkeys(names, nasty))
            assert answer.status_code < 500, (rule.rule, nasty)
            assert "<script>alert" not in answer.text
            assert "stolen" not in str(answer.headers)
            assert not (answer.location or "/").startswith(("//", "http")), rule.rule
    assert things(bare) == before


def test_a_handle_that_another_was_given_opens_nothing(app: OpenAPI):
    """A real one, of a child who is there: it does at every address what no handle at all does."""
    finder = Client(app, "nurse.one")
    theirs = finder.find()["handle"]
    assert finder.get(f"/api/children/{theirs}/service-map").status_code == 200
    for who in ("nurse.two", "lead.one", "analyst.one", "steward.one", "auditor.one"):
        client, asked = Client(app, who), 0
        token = client.token
        for endpoint, rule, method in guarded(app):
            full = BODIES.get(endpoint, {})
            if "<" not in rule and "{handle}" not in full.values():
                continue
            for body in ({}, full) if full else (full,):
                said = [ask(client.http, token, rule, method, body, one) for one in (theirs, NONE)]
                assert said[0] == said[1], (who, endpoint)
            asked += 1
        assert asked >= 30


def test_a_session_that_was_ended_opens_nothing(app: OpenAPI):
    """The cookie of somebody who signed out, kept, with a handle that they were given and its token."""
    client = Client(app, "nurse.one")
    handle, token = client.find()["handle"], client.token
    kept = client.http.get_cookie("signpost")
    assert kept
    assert client.get(f"/api/children/{handle}/service-map").status_code == 200
    client.send("/sign-out")
    asked = 0
    for endpoint, address, method in guarded(app):
        client.http.set_cookie("signpost", kept.value)
        status, location, text = ask(
            client.http, token, address, method, BODIES.get(endpoint, {}), handle
        )
        if address.startswith("/api/"):
            assert (status, "Sign in first." in text) == (401, True), endpoint
        else:
            assert (status, location) == (303, "/sign-in"), endpoint
        asked += 1
    assert asked >= 60


def guarded(app: OpenAPI) -> Iterator[tuple[str, str, str]]:
    """Every address of which a view wants somebody signed in: endpoint, rule, method."""
    for rule in app.url_map.iter_rules():
        access = access_of(app.view_functions[rule.endpoint])
        if access and access.permission:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule.endpoint, rule.rule, method


def ask(
    http: FlaskClient, token: str, rule: str, method: str, body: Mapping[str, str], handle: str
) -> tuple[int, str | None, str]:
    """Ask at an address for a handle; status, where it leads and the text, without the handle."""
    sent = {name: text.format(number=NOBODY, handle=handle) for name, text in body.items()}
    json = rule.startswith("/api/")
    said: dict[str, Any] = {"json": sent} if json else {"data": {**sent, "csrf_token": token}}
    answer = http.open(
        re.sub(r"<[^>]*>", handle, rule),
        method=method,
        headers={"X-CSRFToken": token},
        **({} if method == "GET" else said),
    )
    assert not any(word in answer.text.lower() for word in PERSONAL[:4]), rule
    text = re.sub(r'name="csrf_token" value="[^"]*"', "", answer.text).replace(handle, "HANDLE")
    location = (answer.location or "").replace(handle, "HANDLE") or None
    return answer.status_code, location, text


def test_json_of_a_wrong_shape_is_a_problem_and_no_fault(app: OpenAPI):
    client = Client(app, "steward.one")
    other = Client(app, "nurse.one")
    for endpoint, address, fields in posts(app, json=True):
        for wrong in (*WRONG_TYPES, *(dict.fromkeys(fields, one) for one in WRONG_TYPES)):
            for one in (client, other):
                answer = one.post(address, wrong)
                assert answer.status_code < 500, (endpoint, wrong)
                if answer.status_code >= 400:
                    assert answer.mimetype == "application/problem+json", endpoint
        broken = client.http.post(
            address,
            data=b'{"x',
            content_type="application/json",
            headers={"X-CSRFToken": client.token},
        )
        assert 400 <= broken.status_code < 500, endpoint


def test_too_much_is_refused_everywhere(app: OpenAPI):
    client = Client(app, "steward.one")
    for json in (True, False):
        for endpoint, address, fields in posts(app, json):
            long = {"csrf_token": client.token} | dict.fromkeys(fields, "x" * 70_000)
            long["more"] = "x" * 70_000
            headers = {"X-CSRFToken": client.token}
            sent = {"json": long} if json else {"data": long}
            answer = client.http.post(address, headers=headers, **sent)
            assert answer.status_code in (303, 403, 413, 422), endpoint
            client = Client(app, "steward.one") if endpoint == "entry.sign_out" else client
