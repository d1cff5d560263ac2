"""Every address: who may call it, what it tells a browser, and what it says when it says no."""

import inspect
import json
import logging
import re
import stat
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from flask_openapi3 import OpenAPI
from pydantic import TypeAdapter
from werkzeug.routing import Rule

from graph import (
    POLICY,
    BadSetting,
    Connection,
    Graph,
    Keyring,
    Permission,
    Role,
    Settings,
    Viewer,
)
from graph.questions import Question
from tests.test_nondisclosure import BODIES
from tests.web_clients import PEOPLE, Client, unhurried
from tests.world import CHIDI, NOW
from web import create_app, read_people
from web import vendor as vendoring
from web.headers import HEADERS
from web.limits import BY_USER
from web.permission import access_of

pytest_plugins = ("tests.web_fixtures",)
# Views without a limit: each may be asked as often as anybody likes, as it searches nobody by details
# and holds no child. A new view stands here or in a limit.
FREE = {
    "pages.start",
    "pages.find",
    "pages.called",
    "pages.shields",
    "pages.shield_reviewed",
    "pages.shield_by_details",
    "pages.explain",
    "pages.explain_sent",
    "pages.misuse",
    "pages.sources",
    "pages.services",
    "pages.contact_confirmed",
    "pages.duplicates",
    "pages.users",
    "pages.users_decided",
    "looks.ask",
    "broker.introductions",
    "broker.queue",
    "corrections.mine",
    "corrections.listed",
    "api.post_shield",
    "api.get_shields",
    "api.post_shields",
    "api.post_call",
    "api.get_calls",
    "api.post_broker",
    "api.get_introductions",
    "api.get_broker",
    "api.post_introduction",
    "api.post_child_correction",
    "api.get_own_corrections",
    "api.get_corrections",
    "api.post_correction",
    "api.get_sources",
    "api.get_services",
    "api.post_confirmed",
    "api.get_users",
    "api.post_user_confirmed",
    "api.post_user_ended",
    "api.get_unexplained",
    "api.post_explanation",
    "api.get_misuse",
    "api.get_duplicates",
    "api.get_deferred",
    "api.post_deferred",
}


def undeclared(app: Flask) -> list[str]:
    """A sentence for each view that does not say who may call it."""
    views = {rule.endpoint: app.view_functions[rule.endpoint] for rule in app.url_map.iter_rules()}
    silent = [inspect.unwrap(view) for view in views.values() if access_of(view) is None]
    return [
        f"{inspect.getsourcefile(view)}: {view.__name__} does not say who may call it;"
        " put @needs(Permission.X) or @open_to_all('why') under its route"
        for view in silent
    ]


def routes(app: Flask, method: str, guarded: bool) -> list[tuple[str, Permission | None]]:
    """Addresses of a method, with their permission; guarded: those that need one."""
    found = []
    for rule in app.url_map.iter_rules():
        access = access_of(app.view_functions[rule.endpoint])
        permission = access and access.permission
        if method in (rule.methods or ()) and bool(permission) == guarded:
            found.append((re.sub("<[^>]*>", "x", rule.rule), permission))
    return sorted(found)


def sign_in(app: Flask, person: str):
    client = app.test_client()
    token = client.get("/api/session").json["csrf_token"]
    sent = {"json": {"person": person}, "headers": {"X-CSRFToken": token}}
    assert client.post("/api/session", **sent).status_code == 200
    return client


def test_every_view_says_who_may_call_it(bare_app: OpenAPI):
    assert undeclared(bare_app) == []


def test_every_view_is_counted_for_its_user_or_says_nothing_of_a_child(bare_app: OpenAPI):
    views = {name: access_of(view) for name, view in bare_app.view_functions.items()}
    guarded = {name for name, one in views.items() if one and one.permission}
    assert guarded - limited() == FREE, "put a new view into a limit of web/limits.py"


def test_whoever_searches_by_details_or_opens_a_child_is_counted(
    alike: OpenAPI, monkeypatch: pytest.MonkeyPatch
):
    """Every view is asked with nothing and with all that it takes; what it asks of the graph tells."""
    unhurried(alike)
    clients, tokens = dict[str, Client](), dict[str, str]()
    asked, ask = set[type[Question]](), Graph.ask

    def watched(graph: Graph, viewer: Viewer, question: Question) -> object:
        asked.add(type(question))
        return ask(graph, viewer, question)

    monkeypatch.setattr(Graph, "ask", watched)
    opened = set[str]()
    for rule in alike.url_map.iter_rules():
        access = access_of(alike.view_functions[rule.endpoint])
        if access is None or access.permission is None:
            continue
        who = next(one for one in PEOPLE if one.role in POLICY[access.permission]).id
        client = clients[who] = clients.get(who) or Client(alike, who)
        things = handle_for(client, rule.rule), CHIDI
        tokens[who] = tokens.get(who) or client.token
        asked.clear()
        for body in ({}, {"nhs_number": "{number}"}, BODIES.get(rule.endpoint, {})):
            send(client, tokens[who], rule, body, *things)
        opened |= {rule.endpoint} if any(map(opens, asked)) else set()
    assert opened == limited()


def limited() -> set[str]:
    """The views that are in a limit of their user."""
    return {name for _, names in BY_USER.values() for name in names}


def opens(kind: type[Question]) -> bool:
    """True where a question takes a child's details, or its answer holds who a child is."""
    [answer] = [
        args[0]
        for one in kind.__mro__
        if issubclass(one, Question) and (args := one.__pydantic_generic_metadata__["args"])
    ]
    holds = TypeAdapter(answer).json_schema(mode="serialization").get("$defs", {})
    searches = '"nhs_number"' in json.dumps(kind.model_json_schema())
    return searches or bool({"Identity", "CaseloadChild"} & set(holds))


def handle_for(client: Client, rule: str) -> str:
    """A real handle of what an address names, where it names something that is there from the start."""
    if "/duplicates/<" in rule:
        return client.get("/api/duplicates").json["pairs"][0]["handle"]
    return client.find()["handle"] if "/children/<" in rule else "x"


def send(
    client: Client, token: str, rule: Rule, body: Mapping[str, str], handle: str, number: str
) -> None:
    """Ask at an address by each of its methods, with these fields."""
    address = re.sub("<[^>]*>", handle, rule.rule)
    sent = {name: text.format(handle=handle, number=number) for name, text in body.items()}
    for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
        form = {"data": {**sent, "csrf_token": token}}
        said = {"json": sent} if address.startswith("/api/") else form
        more = {} if method == "GET" else {"headers": {"X-CSRFToken": token}, **said}
        client.http.open(address, method=method, **more)


def test_a_view_that_says_nothing_is_named_and_refused(bare_app: OpenAPI):
    def forgotten() -> str:
        return "secret"

    bare_app.add_url_rule("/forgotten", view_func=forgotten)

    [sentence] = undeclared(bare_app)
    assert "test_routes.py: forgotten does not say" in sentence
    assert "@needs(Permission.X)" in sentence
    answer = sign_in(bare_app, "lead.one").get("/forgotten")
    assert answer.status_code == 403
    assert "secret" not in answer.text


def test_signed_out_every_page_leads_to_sign_in(bare_app: OpenAPI):
    client = bare_app.test_client()
    found = routes(bare_app, "GET", guarded=True)
    assert len(found) >= 10
    for address, _ in found:
        answer = client.get(address)
        if address.startswith("/api/"):
            assert (answer.status_code, answer.json["status"]) == (401, 401), address
        else:
            assert (answer.status_code, answer.location) == (303, "/sign-in"), address


def test_signed_out_a_form_is_not_even_read(bare_app: OpenAPI):
    client = bare_app.test_client()
    for address, _ in routes(bare_app, "POST", guarded=True):
        assert client.post(address, data={"x": "1"}).status_code in (303, 401), address


@pytest.mark.parametrize("role", Role)
def test_a_role_gets_what_the_policy_names_and_no_more(bare_app: OpenAPI, role: Role):
    people = {"practitioner": "nurse.one"}
    client = sign_in(bare_app, people.get(role.value, f"{role.value}.one"))
    for address, permission in routes(bare_app, "GET", guarded=True):
        refused = client.get(address).status_code == 403
        assert refused == (role not in POLICY[permission]), address


def test_no_form_is_taken_without_its_token(bare_app: OpenAPI):
    clients = [sign_in(bare_app, person) for person in ("nurse.one", "steward.one")]
    for guarded in (True, False):
        for address, permission in routes(bare_app, "POST", guarded):
            client = clients[permission not in POLICY or Role.STEWARD in POLICY[permission]]
            answer = client.post(address, data={"person": "nurse.one"})
            assert answer.status_code == 400, address
            assert "Traceback" not in answer.text


def test_every_answer_tells_the_browser_what_to_refuse(bare_app: OpenAPI):
    client = sign_in(bare_app, "nurse.one")
    for address in ("/", "/sign-in", "/nowhere", "/api/sources", "/health", "/static/signpost.css"):
        answer = client.get(address)
        for name, value in HEADERS.items():
            assert answer.headers[name] == value, address
        kept = "max-age" in answer.headers["Cache-Control"]
        assert kept == address.startswith("/static/"), address
        assert not (kept and "Set-Cookie" in answer.headers)
        answer.close()


def test_no_page_holds_script_or_style_of_its_own(bare_app: OpenAPI):
    lead, steward = (sign_in(bare_app, person) for person in ("lead.one", "steward.one"))
    shown = [lead.get(a) for a in ("/", "/sign-in", "/find", "/sources", "/services", "/nowhere")]
    shown += [
        steward.get(a)
        for a in ("/", "/duplicates", "/duplicates/x", "/services?authority=x", "/looks")
    ]
    for text in (answer.text for answer in shown):
        assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", text) == []


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("127.0.0.1:8400", 200),
        ("[::1]:8400", 200),
        ("evil.example.org", 400),
        ("localhost.evil.example.org", 400),
        ("[::2]", 400),
    ],
)
def test_only_our_own_hosts_are_answered(bare_app: OpenAPI, host: str, status: int):
    answer = bare_app.test_client().get("/sign-in", headers={"Host": host})
    assert answer.status_code == status


def test_too_much_is_refused(bare_app: OpenAPI):
    answer = bare_app.test_client().post("/sign-in", data={"person": "x" * 70_000})
    assert answer.status_code == 413
    assert "too large" in answer.text


def test_the_wrong_method_and_no_address_at_all(bare_app: OpenAPI):
    client = bare_app.test_client()
    assert client.get("/sign-out").status_code == 405
    assert client.get("/nowhere").status_code == 404
    assert client.get("/api/nowhere").mimetype == "application/problem+json"


def test_a_fault_of_ours_tells_nothing_and_logs_only_where(
    bare_app: OpenAPI, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def broken(*_: object) -> None:
        raise RuntimeError("Okafor 9990000018")

    client = sign_in(bare_app, "nurse.one")
    monkeypatch.setattr(Graph, "ask", broken)
    with caplog.at_level(logging.DEBUG):
        page, api = client.get("/sources"), client.get("/api/sources")
    assert (page.status_code, api.status_code) == (500, 500)
    assert "RuntimeError at" in caplog.text
    assert "test_routes.py" in caplog.text
    for text in (page.text, api.text, caplog.text):
        assert "Okafor" not in text
    assert "Traceback" not in page.text + api.text + caplog.text


def test_the_session_is_signed_strict_and_out_of_scripts_reach(
    bare_app: OpenAPI, settings: Settings
):
    cookie = bare_app.test_client().get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert stat.S_IMODE(settings.session_key_file.stat().st_mode) == 0o600
    assert bare_app.permanent_session_lifetime.total_seconds() == 1800


def test_away_from_this_machine_the_cookie_needs_tls(graph: Graph, tmp_path: Path):
    env = {"SIGNPOST_HOME": str(tmp_path), "SIGNPOST_HOST": "signpost.example.org"}
    app = create_app(graph, Settings.read(env))
    cookie = app.test_client().get("/api/session").headers["Set-Cookie"]
    assert cookie.startswith("__Host-signpost=")
    assert "Secure" in cookie


def test_a_session_ends(bare_app: OpenAPI):
    client = sign_in(bare_app, "nurse.one")
    assert client.get("/").status_code == 200
    with client.session_transaction() as kept:
        assert set(kept) <= {"held", "csrf_token", "_permanent"}
    NOW.forward(minutes=31)
    assert client.get("/").status_code == 303


def test_a_demo_is_for_this_machine_only(graph: Graph, tmp_path: Path):
    env = {"SIGNPOST_HOME": str(tmp_path), "SIGNPOST_HOST": "0.0.0.0", "SIGNPOST_DEMO": "on"}
    with pytest.raises(BadSetting, match="SIGNPOST_HOST must be 127"):
        create_app(graph, Settings.read(env))


def test_without_a_demo_nobody_signs_in_by_name(graph: Graph, tmp_path: Path, bare_app: OpenAPI):
    settings = Settings.read({"SIGNPOST_HOME": str(tmp_path)})
    app = create_app(graph, settings, PEOPLE)
    client = app.test_client()
    assert "Nadia" not in client.get("/sign-in").text
    token = client.get("/api/session").json["csrf_token"]
    sent = {"json": {"person": "nurse.one"}, "headers": {"X-CSRFToken": token}}
    assert client.post("/api/session", **sent).status_code == 401
    # Nor does a session of a demo go on where there is none.
    demo = sign_in(bare_app, "nurse.one")
    with demo.session_transaction() as kept, client.session_transaction() as other:
        other["held"] = kept["held"]
    assert demo.get("/").status_code == 200
    assert client.get("/").status_code == 303


def test_a_session_key_that_others_can_read_stops_the_start(graph: Graph, settings: Settings):
    settings.session_key_file.parent.mkdir(parents=True)
    settings.session_key_file.write_bytes(b"x" * 32)
    settings.session_key_file.chmod(0o644)
    with pytest.raises(BadSetting, match="chmod 600"):
        create_app(graph, settings)


def test_health_says_whether_neo4j_answers(bare_app: OpenAPI, settings: Settings):
    assert bare_app.test_client().get("/health").text == "ok\n"
    away = Graph(Connection("bolt://127.0.0.1:9", "neo4j", "x", "neo4j"), Keyring.new(), "0")
    answer = create_app(away, settings).test_client().get("/health")
    away.close()
    assert answer.status_code == 503


def test_people_are_read_from_their_file(tmp_path: Path):
    file = tmp_path / "people.json"
    file.write_text(
        '{"people": [{"id": "a.b", "name": "A B", "role": "lead", "service": null,'
        ' "authority": "383", "sentence": "A lead"}], "try": [{"what": "Nobody"}]}'
    )
    [person], [example] = read_people(file)
    assert (person.viewer().authority, example.what) == ("383", "Nobody")
    file.write_text('{"people": 3}')
    with pytest.raises(BadSetting, match="make the demo again"):
        read_people(file)


def test_vendored_files_are_what_the_list_says_and_hold_nothing_foreign():
    lines = (vendoring.VENDOR / vendoring.SUMS).read_text().splitlines()
    assert len(lines) == 3
    for line in lines:
        digest, name = line.split()
        raw = (vendoring.VENDOR / name).read_bytes()
        assert sha256(raw).hexdigest() == digest
        assert not re.search(rb"font-face|GDS|sourceMapping|crest\.svg|url\(", raw)
    css = (vendoring.VENDOR / "govuk-frontend.min.css").read_text()
    assert vendoring.style(css) == css
