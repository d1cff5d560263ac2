"""What somebody sends who means harm, at every address: never a fault of ours, never a way in."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask_openapi3 import OpenAPI

from tests.test_nondisclosure import BODIES
from tests.web_clients import Client

pytest_plugins = ("tests.web_fixtures",)
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
