"""The API does what its OpenAPI document says, whether what is sent fits it or not."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import schemathesis
from flask_openapi3 import OpenAPI
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.web_clients import Client
from tests.world import CHIDI, LEEDS
from web import moments

pytest_plugins = ("tests.web_fixtures",)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# Nothing of the session itself is made up: it is sent by who is signed in.
CONFIG = schemathesis.Config.from_dict({"generation": {"with-security-parameters": False}})
WALK = settings(
    max_examples=8,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
METHODS = {"get", "post", "put", "patch", "delete"}
# What is made up seldom names anything that is there, so it is sent once more with these.
THERE = {
    "nhs_number": CHIDI,
    "birth_date": "2015-06-09",
    "postcode": "LS1 4AP",
    "reference": "C-1",
    "authority": LEEDS,
    "service": "leeds-social-care:T1",
    "user": "nadia.one",
    "emergency": None,
}
# They need a contact, a use of break-glass, a shield, a look, a request to the broker, a correction, a
# password, or a practitioner.
SELDOM = {
    "POST /api/children/{handle}/calls",
    "GET /api/broker/{handle}",
    "POST /api/broker",
    "GET /api/corrections/{handle}",
    "POST /api/corrections",
    "POST /api/break-glass/{handle}",
    "GET /api/caseload",
    "POST /api/shields",
    "POST /api/looks/deferred",
    "POST /api/session",
}


@pytest.fixture
def unhurried(alike: OpenAPI, monkeypatch: pytest.MonkeyPatch) -> OpenAPI:
    """The app, where nobody is slowed down: 429 for everything would say nothing."""
    monkeypatch.setattr(moments, "STEP", 0.001)
    for limiter in alike.extensions["limiter"]:
        limiter.enabled = False
    return alike


def operations(app: OpenAPI) -> Iterator[APIOperation]:
    """Every operation of the document; raises an error where the document has a fault."""
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app, config=CONFIG)
    return (found.ok() for found in schema.get_all_operations())


def modes(operation: APIOperation) -> list[GenerationMode]:
    """What fits the document; and what does not, where more is sent than a handle."""
    if operation.body or operation.query:
        return list(GenerationMode)
    return [GenerationMode.POSITIVE]


def opening(client: Client) -> str:
    """A handle of a child or of a pair, whichever this viewer may open."""
    asked = {"nhs_number": CHIDI, "purpose": "missing child", "reference": "C-1"}
    children = client.post("/api/find", asked).json.get("children")
    return (children or client.get("/api/duplicates").json["pairs"])[0]["handle"]


def there(case: Case, handle: str) -> bool:
    """Let a case name things that are there; return whether it names any."""
    parts: list[Any] = [case.path_parameters, case.query, case.body]
    known: Mapping[str, Any] = {**THERE, "handle": handle}
    sent = [part for part in parts if isinstance(part, dict) and part.keys() & known]
    for part in sent:
        part.update({name: known[name] for name in part.keys() & known})
    return bool(sent)


def walk(client: Client, operation: APIOperation, mode: GenerationMode, handle: str) -> set[int]:
    """Send what is made up for an operation, and hold each answer to the document; the statuses."""
    token, said = client.token, set[int]()

    @WALK
    @given(case=operation.as_strategy(generation_mode=mode))
    def sent(case: Case) -> None:
        for named in (False, True):
            if named and not there(case, handle):
                return
            answer = case.call(session=client.http, headers={"X-CSRFToken": token})
            said.add(answer.status_code)
            case.validate_response(answer, checks=CHECKS)

    sent()
    return said


def test_every_operation_does_what_the_document_says(unhurried: OpenAPI):
    said: defaultdict[str, set[int]] = defaultdict(set)
    handles = {who: opening(Client(unhurried, who)) for who in ("lead.one", "steward.one")}
    for operation in operations(unhurried):
        for mode in modes(operation):
            for who, handle in handles.items():
                client = Client(unhurried, who)
                said[operation.label] |= walk(client, operation, mode, handle)
    assert len(said) == sum(len(item) for item in unhurried.api_doc["paths"].values())
    assert {label for label, statuses in said.items() if 200 not in statuses} <= SELDOM


def test_a_method_that_the_document_does_not_name_is_not_allowed(bare_app: OpenAPI):
    client = Client(bare_app, "steward.one")
    headers, asked = {"X-CSRFToken": client.token}, 0
    for address, item in bare_app.api_doc["paths"].items():
        for method in METHODS - set(item):
            answer = client.http.open(
                address.replace("{handle}", "x"), method=method, headers=headers
            )
            assert answer.status_code == 405, (method, address)
            assert set(answer.allow) - {"HEAD", "OPTIONS"} == {one.upper() for one in item}
            asked += 1
    assert asked > 50
