"""The JSON API: described, typed, and silent about what was sent to it."""

from collections.abc import Callable

import pytest
from flask_openapi3 import OpenAPI

from graph import DatabaseAway, Graph
from tests.web_clients import Client
from tests.world import CHIDI, NOBODY, NOW, SHIELDED

pytest_plugins = ("tests.web_fixtures",)
SignIn = Callable[[str], Client]


def test_the_document_is_openapi_3_1_and_names_every_address(bare_app: OpenAPI):
    document = bare_app.test_client().get("/api/openapi.json").json
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {
        "/api/session",
        "/api/find",
        "/api/children/{handle}/service-map",
        "/api/children/{handle}/boundaries",
        "/api/caseload",
        "/api/sources",
        "/api/services",
        "/api/services/confirmed",
        "/api/break-glass",
        "/api/break-glass/{handle}",
        "/api/misuse",
        "/api/duplicates",
        "/api/duplicates/{handle}",
        "/api/children/{handle}/shield",
        "/api/shields",
        "/api/shields/child",
        "/api/children/{handle}/calls",
        "/api/calls",
        "/api/children/{handle}/broker",
        "/api/introductions",
        "/api/broker",
        "/api/broker/{handle}",
        "/api/children/{handle}/corrections",
        "/api/corrections",
        "/api/corrections/{handle}",
        "/api/corrections/mine",
        "/api/users",
        "/api/users/confirmed",
        "/api/users/ended",
        "/api/looks",
        "/api/looks/deferred",
        "/api/looks/mine",
    }
    refused = document["paths"]["/api/find"]["post"]["responses"]["422"]["content"]
    assert list(refused) == ["application/problem+json"]
    assert "Problem" in document["components"]["schemas"]


def test_one_signs_in_and_sees_who_one_is(bare_app: OpenAPI):
    client = Client(bare_app)
    assert client.get("/api/session").json["person"] is None
    assert client.post("/api/session", {"person": "nobody.here"}).status_code == 401
    answer = client.post("/api/session", {"person": "lead.one"})
    assert (answer.json["name"], answer.json["role"]) == ("Lena Lead", "lead")


def test_find_then_the_map_with_periods_from_and_to(sign_in: SignIn):
    client = sign_in("nurse.one")
    child = client.find()
    assert child["identity"]["family_name"].startswith("Okafor")
    shown = client.get(f"/api/children/{child['handle']}/service-map")
    assert shown.status_code == 200
    periods = [one["period"] for one in shown.json["involvements"]]
    assert {"from": "2026-04-10", "to": "2026-04-11", "to_exact": True} in periods
    assert shown.json["ring_now"][0]["telephone"] == "0113 496 0107"


def test_dates_narrow_the_map(sign_in: SignIn):
    client = sign_in("nurse.one")
    address = f"/api/children/{client.find()['handle']}/service-map"
    shown = client.get(f"{address}?on=2026-04-10").json
    assert shown["on"] == "2026-04-10"
    assert {one["authority"]["name"] for one in shown["involvements"]} == {"Leeds", "Bradford"}
    before = client.get(f"{address}?known_at=2026-01-01T00:00:00Z")
    assert before.json["involvements"] == []
    summer = client.get(f"{address}?known_at=2026-07-01T09:30")
    assert summer.json["known_at"] == "2026-07-01T08:30:00Z"
    wrong = client.get(f"{address}?on=never&more=1")
    assert (wrong.status_code, len(wrong.json["faults"])) == (422, 2)
    assert "never" not in wrong.text


def test_a_shielded_child_shows_only_the_broker_line(sign_in: SignIn):
    client = sign_in("nurse.one")
    child = client.find(SHIELDED)
    assert (child["restricted"], child["identity"]) == (True, None)
    shown = client.get(f"/api/children/{child['handle']}/service-map").json
    assert shown["restricted"]
    assert (shown["identity"], shown["involvements"], shown["ring_now"]) == (None, [], [])


def test_nothing_found_says_what_was_asked(sign_in: SignIn):
    asked = {"nhs_number": NOBODY, "purpose": "missing child", "reference": "ED-1"}
    answer = sign_in("nurse.one").post("/api/find", asked).json
    assert answer["outcome"] == "none"
    assert {"Bradford police"} == {s["name"] for s in answer["coverage"]["sources"] if s["silent"]}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"nhs_number": "Okafor"}, "nhs_number"),
        ({"family_name": "Okafor"}, ""),
        ({"nhs_number": CHIDI, "Okafor": "Okafor"}, ""),
        ({"nhs_number": CHIDI, "purpose": "Okafor"}, "purpose"),
        ("Okafor", ""),
        ({"nhs_number": {"Okafor": "Okafor"}}, "nhs_number"),
        ({"birth_date": "Okafor"}, "birth_date"),
    ],
)
def test_bad_input_is_named_and_never_repeated(sign_in: SignIn, body: object, field: str):
    answer = sign_in("nurse.one").post("/api/find", body)
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert field in {fault["field"] for fault in answer.json["faults"]}
    assert "Okafor" not in answer.text
    assert CHIDI not in answer.text


@pytest.mark.parametrize("reference", [None, "no digit", CHIDI, "Chidi Okafor 1"])
def test_a_purpose_needs_a_reference_that_is_one(sign_in: SignIn, reference: str | None):
    body = {"nhs_number": CHIDI, "purpose": "missing child", "reference": reference}
    answer = sign_in("nurse.one").post("/api/find", body)
    assert answer.status_code == 422
    assert answer.json["detail"].startswith("Your case reference")
    assert reference is None or reference not in answer.text


def test_a_post_without_its_header_is_refused(sign_in: SignIn):
    answer = sign_in("nurse.one").http.post("/api/find", json={"nhs_number": CHIDI})
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


def test_anothers_handle_is_nonsense_and_yesterdays_too(sign_in: SignIn):
    mine, theirs = sign_in("nurse.one"), sign_in("nurse.two")
    handle = mine.find()["handle"]
    theirs.find()
    answers = [
        theirs.get(f"/api/children/{one}/service-map")
        for one in (handle, handle[:-2] + "AA", "nonsense", "%00", "é")
    ]
    NOW.forward(days=1)
    mine = sign_in("nurse.one")
    answers.append(mine.get(f"/api/children/{handle}/service-map"))
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1


def test_possible_matches_come_with_reasons_and_only_what_was_typed(
    alike: OpenAPI, sign_in: SignIn
):
    typed = {"given_name": "Rosalind", "family_name": "Quigly", "birth_date": "2016-08-05"}
    asked = {**typed, "purpose": "missing child", "reference": "ED-1"}
    found = sign_in("nurse.one").post("/api/find", asked).json
    assert found["outcome"] == "possible matches"
    assert set(found["asked"]) == set(typed)
    reasons = {r["field"]: r["agreement"] for c in found["children"] for r in c["reasons"]}
    assert set(reasons) == {"given name", "family name", "birth date"}
    assert {c["identity"]["nhs_number"] for c in found["children"]} == {None}


def test_the_new_details_are_taken(alike: OpenAPI, sign_in: SignIn):
    typed = {"given_name": "Rowan", "postcode": "LS6 2", "sex": "M", "former_name": "Quigley"}
    asked = {**typed, "purpose": "missing child", "reference": "ED-1"}
    assert set(sign_in("nurse.one").post("/api/find", asked).json["asked"]) == set(typed)
    answer = sign_in("nurse.one").post("/api/find", {**asked, "sex": "Okafor"})
    assert (answer.status_code, answer.json["faults"][0]["field"]) == (422, "sex")


def test_without_the_database_the_problem_is_503(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch):
    def away(*_: object) -> None:
        raise DatabaseAway("no answer")

    client = sign_in("nurse.one")
    monkeypatch.setattr(Graph, "ask", away)
    answer = client.post("/api/find", {"nhs_number": CHIDI})
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    page = client.send("/find", nhs_number=CHIDI)
    assert page.status_code == 503
    assert "Traceback" not in page.text
    assert "cannot answer now" in page.text


def test_a_pair_is_judged_and_taken_back(sign_in: SignIn):
    client = sign_in("steward.one")
    listed = client.get("/api/duplicates").json
    assert (listed["judgement"], listed["counts"]["open"]) == ("open", 1)
    address = f"/api/duplicates/{listed['pairs'][0]['handle']}"
    shown = client.get(address).json
    assert "Both have an NHS number, and the numbers differ." in shown["holds"]
    assert {side[0]["identity"]["family_name"] for side in (shown["one"], shown["other"])} == {
        "Same"
    }
    NOW.forward(minutes=1)
    judged = client.post(address, {"verdict": "same"})
    assert (judged.status_code, judged.json["judgement"]) == (200, "same")
    assert judged.json["history"][0]["author"] == "steward.one"
    assert client.get("/api/duplicates?judgement=same&page=1").json["counts"]["open"] == 0
    assert client.post(address, {"verdict": "open"}).json["judgement"] == "open"


@pytest.mark.parametrize("body", [{}, {"verdict": "Okafor"}, {"verdict": "same", "Okafor": 1}, 7])
def test_a_judgement_that_is_none_is_refused(sign_in: SignIn, body: object):
    client = sign_in("steward.one")
    handle = client.get("/api/duplicates").json["pairs"][0]["handle"]
    answer = client.post(f"/api/duplicates/{handle}", body)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert "Okafor" not in answer.text
    assert client.get("/api/duplicates?judgement=Okafor").status_code == 422
    assert client.get("/api/duplicates?page=Okafor").status_code == 422


def test_sources_say_how_their_last_extract_differs(sign_in: SignIn):
    client = sign_in("analyst.one")
    found = client.get("/api/sources?authority=Bradford").json
    assert [source["silent"] for source in found["sources"]] == [True, False]
    [feed] = found["sources"][1]["feeds"]
    assert (feed["kind"], feed["last"]["read"], feed["drift"]) == ("csv", 3, [])
    assert len(client.get("/api/sources?silent=true&agency=police").json["sources"]) == 1


def test_the_directory_is_asked_and_a_telephone_confirmed(sign_in: SignIn):
    client = sign_in("lead.one")
    [one, *_] = client.get("/api/services?authority=Bradford&agency=health").json["services"]
    assert (one["id"], one["confirmed_by"]) == ("bradford-health:A9", None)
    done = client.post("/api/services/confirmed", {"service": one["id"]})
    assert (done.status_code, done.json["confirmed_on"]) == (200, "2026-11-23")
    [one, *_] = client.get("/api/services?authority=380").json["services"]
    assert (one["confirmed_on"], one["confirmed_by"]) == ("2026-11-23", "lead.one")
    assert sign_in("nurse.one").post("/api/services/confirmed", {}).status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        "/api/services",
        "/api/services?authority=Okafor",
        "/api/services?authority=383&page=Okafor",
        "/api/services?authority=383&Okafor=1",
        "/api/sources?authority=Okafor",
        "/api/sources?agency=Okafor",
        "/api/sources?silent=Okafor",
    ],
)
def test_what_cannot_be_asked_of_sources_and_services_is_named(sign_in: SignIn, address: str):
    answer = sign_in("nurse.one").get(address)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert len(answer.json["faults"]) == 1
    assert "Okafor" not in answer.text


@pytest.mark.parametrize("body", [{}, {"service": "Okafor"}, {"service": 7}, {"Okafor": 1}, 7])
def test_a_confirmation_of_nothing_is_refused(sign_in: SignIn, body: object):
    answer = sign_in("steward.one").post("/api/services/confirmed", body)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert "Okafor" not in answer.text


def test_a_handle_of_no_pair_is_not_visible(sign_in: SignIn):
    steward, nurse = sign_in("steward.one"), sign_in("nurse.one")
    for handle in ("nonsense", nurse.find()["handle"]):
        address = f"/api/duplicates/{handle}"
        assert steward.get(address).status_code == 404
        assert steward.post(address, {"verdict": "same"}).status_code == 404
        assert nurse.post(address, {"verdict": "same"}).status_code == 403


def test_a_role_that_never_may_is_told_so(sign_in: SignIn):
    answer = sign_in("analyst.one").post("/api/find", {"nhs_number": CHIDI})
    assert answer.status_code == 403
    assert answer.json["detail"] == "The role of analyst may not find a child."
