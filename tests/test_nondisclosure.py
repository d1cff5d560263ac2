"""Refused looks like absent, at every address, for every role, for every kind of hidden thing."""

import logging
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient
from flask_openapi3 import OpenAPI
from werkzeug.test import TestResponse

from graph import Graph, Role, Settings
from tests.web_clients import PEOPLE, Client, unhurried
from tests.world import CHIDI, NOBODY, NOW, SHIELDED, World
from web import Person, create_app

pytest_plugins = ("tests.web_fixtures",)
# Nobody here has a ground for any child of the small world: another area, no service, no purpose.
FAR = Person(id="lead.far", name="Lea Far", role=Role.LEAD, authority="201", sentence="Far away")
WHO = {person.role: person.id for person in (*PEOPLE, FAR)} | {Role.PRACTITIONER: "nurse.one"}
KINDS = ("absent", "another's", "shielded")
NUMBERS = dict(zip(KINDS, (NOBODY, CHIDI, SHIELDED), strict=True))
# What is sent to an address that takes a form or a body; {number} and {handle} are of each kind in turn.
BODIES: Mapping[str, Mapping[str, Any]] = {
    "pages.find_sent": {"nhs_number": "{number}"},
    "api.post_find": {"nhs_number": "{number}"},
    "pages.shield_asked": {"reason": "a court ordered it", "reference": "C-1"},
    "api.post_shield": {"reason": "a court ordered it", "reference": "C-1"},
    "export.taken": {},
    "pages.called": {"contact": "x", "call": "reached"},
    "api.post_call": {"contact": "x", "call": "reached"},
    "broker.asked": {"telephone": "01632 960201", "reference": "C-1"},
    "api.post_broker": {"telephone": "01632 960201", "reference": "C-1"},
    "broker.answered": {"said": "declined"},
    "api.post_introduction": {"introduction": "{handle}", "said": "declined"},
    "corrections.asked": {"mistake": "an involvement is missing", "reference": "C-1"},
    "api.post_child_correction": {"mistake": "an involvement is missing", "reference": "C-1"},
    "corrections.answered": {"said": "the source stands by it"},
    "api.post_correction": {"correction": "{handle}", "said": "the source stands by it"},
    "pages.shield_reviewed": {"shield": "{handle}", "verdict": "keep"},
    "api.post_shields": {"shield": "{handle}", "verdict": "keep"},
    "pages.explain_sent": {"explained": "handed over to the service on duty", "reference": "C-1"},
    "api.post_explanation": {
        "explained": "handed over to the service on duty",
        "reference": "C-1",
    },
    "pages.pair_judged": {"verdict": "same"},
    "api.post_pair": {"verdict": "same"},
    "looks.deferred": {
        "look": "{handle}",
        "reference": "C-1",
        "end": "1",
        "nhs_number": "{number}",
    },
    "api.post_deferred": {"look": "{handle}", "reference": "C-1"},
    "looks.listed": {"nhs_number": "{number}"},
    "looks.report": {"nhs_number": "{number}"},
    "looks.report_pdf": {"nhs_number": "{number}"},
    "api.post_looks": {"nhs_number": "{number}"},
    "pages.shield_by_details_sent": {
        "nhs_number": "{number}",
        "reason": "a court ordered it",
        "reference": "C-1",
    },
    "api.post_shield_by_details": {
        "nhs_number": "{number}",
        "reason": "a court ordered it",
        "reference": "C-1",
    },
    "pages.contact_confirmed": {"service": "{handle}"},
    "api.post_confirmed": {"service": "{handle}"},
    "pages.users_decided": {"user": "{handle}"},
    "api.post_user_confirmed": {"user": "{handle}"},
    "api.post_user_ended": {"user": "{handle}"},
}
# Addresses that name no child, pair, look or user, and why those that seem to are not here.
NAMES_NOTHING = {
    "static",
    "assets.asset",
    "openapi",
    "entry.sign_in",
    "entry.sign_in_sent",
    "entry.organisation_asked",
    "entry.organisation_answered",
    "entry.sign_out",
    "api.get_session",
    "api.post_session",
    "api.delete_session",
    "api.get_shields",
    "api.get_sources",
    "api.get_services",
    "api.get_users",
    "api.get_unexplained",
    "api.get_misuse",
    "api.get_duplicates",
    "api.get_deferred",
    "api.get_calls",
    "api.get_introductions",
    "api.get_broker",
    "api.get_own_corrections",
    "api.get_own_looks",
    "api.get_corrections",
    "api.get_caseload",
    "caseload.listed",
    "broker.introductions",
    "broker.queue",
    "corrections.mine",
    "corrections.listed",
    "pages.start",
    "pages.find",
    "pages.shields",
    "pages.misuse",
    "pages.sources",
    "pages.services",
    "pages.duplicates",
    "pages.users",
    "pages.health",
    "looks.ask",
    "own_looks.mine",
    "pages.shield_by_details",
    # Who may ask who looked, or shields by details, may know of every child: their role is their ground.
    "pages.shield_by_details_sent",
    "api.post_shield_by_details",
    "looks.listed",
    "looks.report",
    "looks.report_pdf",
    "api.post_looks",
}


@pytest.fixture
def far(world: World, graph: Graph, settings: Settings) -> OpenAPI:
    """The app over the small world, for people who are far from it; nobody is merely slowed down."""
    return unhurried(create_app(graph, settings, [*PEOPLE, FAR]))


def handles(world: World, who: str, bare: Callable[..., list[dict[str, Any]]]) -> dict[str, str]:
    """A handle of each kind of thing, sealed rightly for this viewer and today."""
    ids = {"absent": "no-such-child"}
    for kind, shielded in (("another's", False), ("shielded", True)):
        [row] = bare(
            "MATCH (c:Child {shielded: $shielded}) RETURN c.id AS id ORDER BY id LIMIT 1",
            shielded=shielded,
        )
        ids[kind] = row["id"]
    seal, day = world.graph.keyring.handle, NOW.at.date()
    return {kind: seal(id_, who, day, "", "", "", NOW.at.isoformat()) for kind, id_ in ids.items()}


def walked(app: OpenAPI) -> list[tuple[str, str, str]]:
    """Every address that names something, with its method: endpoint, method, rule."""
    found = []
    for rule in app.url_map.iter_rules():
        named = "<" in rule.rule or (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}
        if named and rule.endpoint not in NAMES_NOTHING:
            methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
            found += [(rule.endpoint, method, rule.rule) for method in methods]
    return sorted(found)


def answer(
    http: FlaskClient, token: str, one: tuple[str, str, str], number: str, handle: str
) -> TestResponse:
    """Ask at an address for a thing."""
    endpoint, method, rule = one
    address = re.sub(r"<[^>]*>", handle, rule)
    if method == "GET":
        return http.get(address)
    body = {
        name: text.format(number=number, handle=handle) for name, text in BODIES[endpoint].items()
    }
    if rule.startswith("/api/"):
        return http.open(address, method=method, json=body, headers={"X-CSRFToken": token})
    return http.open(address, method=method, data={**body, "csrf_token": token})


def told(response: TestResponse, number: str, handle: str) -> tuple[object, ...]:
    """All that an answer tells but what was sent: status, names of headers, size, body."""
    text = response.text.replace(number, "NUMBER").replace(handle, "HANDLE")
    text = re.sub(r'name="csrf_token" value="[^"]*"', "", text)
    text = re.sub(r'("handle": ?|/children/)"?[\w-]+', r"\1", text)
    return response.status_code, tuple(sorted(response.headers.keys())), len(text), text


def logged(caplog: pytest.LogCaptureFixture, *sent: str) -> list[tuple[str, str, str]]:
    """All that was logged since this was last asked, which is none of what was sent."""
    lines = [(one.name, one.levelname, one.getMessage()) for one in caplog.records]
    caplog.clear()
    assert not any(text in line for text in sent for *_, line in lines)
    return lines


@pytest.mark.parametrize("role", Role)
def test_what_is_hidden_is_told_as_what_is_not_there(
    far: OpenAPI,
    world: World,
    bare: Callable[..., list[dict[str, Any]]],
    caplog: pytest.LogCaptureFixture,
    role: Role,
):
    caplog.set_level(logging.INFO)
    client = Client(far, WHO[role])
    token, mine = client.token, handles(world, WHO[role], bare)
    asked = walked(far)
    assert len(asked) >= 15
    for one in asked:
        said = {
            kind: (
                told(answer(client.http, token, one, *sent), *sent),
                logged(caplog, *sent),
            )
            for kind in KINDS
            if (sent := (NUMBERS[kind], mine[kind]))
        }
        for kind in KINDS[1:]:
            assert said[kind] == said["absent"], f"{one} tells {kind}"
        assert said["absent"][0][0] != 500, one


def test_every_address_that_takes_something_is_walked(far: OpenAPI):
    """A new one stands in BODIES, has a handle in its address and no body, or names nothing."""
    endpoints = {rule.endpoint for rule in far.url_map.iter_rules()}
    handled = {rule.endpoint for rule in far.url_map.iter_rules() if "<" in rule.rule}
    assert endpoints - NAMES_NOTHING - set(BODIES) - handled == set()
    sent = {one for one, method, _ in walked(far) if method != "GET"}
    assert sent - set(BODIES) == set(), "say in BODIES what is sent there"


def test_the_walk_would_see_a_difference(far: OpenAPI, world: World, bare):
    """With a ground the three are told apart, so the walk compares something."""
    client = Client(far, "nurse.one")
    said = set()
    for number in NUMBERS.values():
        body = {"nhs_number": number, "purpose": "strategy discussion", "reference": "ED-1"}
        said.add(told(client.post("/api/find", body), number, "-"))
    assert len(said) == 3
