"""An answer that shows nothing leaves at a fixed moment, its record written; any other at once."""

from time import monotonic, sleep

import pytest
from flask_openapi3 import OpenAPI

from tests.test_nondisclosure import handles
from tests.web_clients import Client
from tests.world import CHIDI, NOBODY, SHIELDED, World
from web import moments

pytest_plugins = ("tests.web_fixtures",)
DETAILS = {"given_name": "Zofia", "family_name": "Nowak"}


STEP = moments.STEP


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch, bare) -> list[int]:
    """Each time that an answer waits, how many access records there are by then."""
    found: list[int] = []
    monkeypatch.setattr(moments, "STEP", STEP)

    def noted(seconds: float) -> None:
        found.append(records(bare))
        sleep(seconds)

    monkeypatch.setattr(moments, "sleep", noted)
    return found


def records(bare) -> int:
    return bare("MATCH (a:Access) RETURN count(a) AS n")[0]["n"]


def test_what_is_hidden_and_what_is_not_there_leave_at_fixed_moments(
    app: OpenAPI, world: World, bare, slept: list[int]
):
    client = Client(app, "nurse.two")
    mine, token = handles(world, "nurse.two", bare), client.token
    sent = [("/api/find", {"nhs_number": number}) for number in (CHIDI, SHIELDED, NOBODY)]
    sent += [("/find", {"nhs_number": number}) for number in (CHIDI, SHIELDED, NOBODY)]
    sent += [("/api/find", {**DETAILS, "purpose": "missing child", "reference": "C-1"})]
    for one in mine.values():
        sent += [(f"/api/children/{one}/service-map", None), (f"/children/{one}", None)]
        explained = {"explained": "the child was made safe", "reference": "C-1"}
        sent += [(f"/api/break-glass/{one}", explained)]
    for address, body in sent:
        before, start = records(bare), monotonic()
        if body is None:
            client.http.get(address)
        elif address.startswith("/api/"):
            client.http.post(address, json=body, headers={"X-CSRFToken": token})
        else:
            client.http.post(address, data={**body, "csrf_token": token})
        assert monotonic() - start >= moments.STEP, address
        assert slept.pop() == before + 1, address
        assert slept == []


def test_who_sees_something_waits_for_no_moment(app: OpenAPI, slept: list[int]):
    client = Client(app, "nurse.one")
    child = client.find()
    assert client.get(f"/api/children/{child['handle']}/service-map").status_code == 200
    assert client.get(f"/children/{child['handle']}").status_code == 200
    sought = {"nhs_number": SHIELDED, "purpose": "missing child", "reference": "C-1"}
    assert client.send("/find", **sought).status_code == 200
    assert client.get("/").status_code == 200
    assert slept == []


def test_a_request_begins_before_all_else_and_waits_after_all_else(app: OpenAPI):
    """What is done first with the app is done first with requests, and last with answers."""
    for hooks in (app.before_request_funcs, app.after_request_funcs):
        assert hooks[None][0].__module__ == moments.__name__
