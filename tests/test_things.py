"""A pair, a shield, a request, a report, a use, a look, a user, a service: another's is told as none."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask_openapi3 import OpenAPI

from graph import (
    POLICY,
    AskBroker,
    AskCorrection,
    Emergency,
    Ground,
    Mistake,
    Permission,
    Role,
    ShieldChild,
    ShieldReason,
)
from tests.test_nondisclosure import FAR, WHO, answer, logged, told, walked
from tests.web_clients import NAMESAKE, PEOPLE, Client, unhurried
from tests.world import CHIDI, LEEDS, NOBODY, NOW, NURSE, World
from web import create_app
from web.permission import access_of

pytest_plugins = ("tests.web_fixtures",)
Bare = Callable[..., list[dict[str, Any]]]
OTHER = NURSE.model_copy(update={"id": "other.one", "authority": LEEDS})
NONE = "no-such-thing"
# What an address names, where it is no child.
NAMES = {
    "pages.pair": "pair",
    "pages.pair_judged": "pair",
    "api.get_pair": "pair",
    "api.post_pair": "pair",
    "broker.introduction": "introduction",
    "broker.answered": "introduction",
    "api.get_introduction": "introduction",
    "api.post_introduction": "introduction",
    "corrections.correction": "correction",
    "corrections.answered": "correction",
    "api.get_correction": "correction",
    "api.post_correction": "correction",
    "pages.shield_reviewed": "shield",
    "api.post_shields": "shield",
    "pages.explain": "use",
    "pages.explain_sent": "use",
    "api.post_explanation": "use",
    "looks.deferred": "look",
    "api.post_deferred": "look",
    "pages.users_decided": "user",
    "api.post_user_confirmed": "user",
    "api.post_user_ended": "user",
    "pages.contact_confirmed": "service",
    "api.post_confirmed": "service",
}
# How each is found in the graph: its id, and for a look whose it is.
FOUND = {
    "pair": "MATCH ()-[t:MAY_BE]->() WHERE t.key IS NOT NULL RETURN t.key AS id",
    "introduction": "MATCH (t:Introduction) RETURN t.id AS id",
    "correction": "MATCH (t:Correction) RETURN t.id AS id",
    "shield": "MATCH (t:Shield) RETURN t.id AS id",
    "use": "MATCH (t:Access {user: 'other.one'}) WHERE t.emergency IS NOT NULL RETURN t.id AS id",
    "look": "MATCH (t:Access {user: 'other.one', question: 'ServiceMapOf'}) "
    "RETURN t.id AS id, t.children[0] AS child",
    "user": "MATCH (t:User {id: 'nadia.one'}) RETURN t.id AS id",
    "service": "MATCH (t:Service {sensitive: true}) RETURN t.id AS id",
}


@pytest.fixture
def far(alike: OpenAPI, world: World, settings: Any) -> OpenAPI:
    """The app, with one of each thing, all of somebody else's."""
    ask, child = world.graph.ask, world.handle(viewer=OTHER)
    ask(OTHER, AskBroker(child=child, telephone="01632 960201", reference="C-1"))
    ask(OTHER, AskCorrection(child=child, mistake=Mistake.MISSING, reference="C-1"))
    hidden = world.handle(NAMESAKE, OTHER)
    ask(OTHER, ShieldChild(child=hidden, reason=ShieldReason.COURT, reference="C-1"))
    world.map(viewer=OTHER)
    plain = OTHER.model_copy(update={"purpose": None, "reference": None})
    world.handle(viewer=plain.stating(emergency=Emergency.LIFE, reference="C-1"))
    return unhurried(create_app(world.graph, settings, [*PEOPLE, FAR]))


def sealed(world: World, kind: str, thing: Mapping[str, str], who: str) -> str:
    """The handle of a thing, or of none, as this viewer would have it today; users and services have none."""
    seal, day, id_ = world.graph.keyring.handle, NOW.at.date(), thing["id"]
    if kind in ("user", "service"):
        return id_
    if kind in ("introduction", "correction", "look"):
        return seal(id_, f"{kind} {who}", day, *([thing["child"]] if kind == "look" else []))
    return seal(id_, who, day, "", "", "", NOW.at.isoformat())


def is_theirs(role: Role, permission: Permission | None, kind: str) -> bool:
    """True where the role alone is the ground: a steward's for all users, a lead's for those of an area."""
    rests = permission and Ground.ROLE in POLICY[permission].get(role, ())
    return bool(rests) and kind != "use" and (kind != "user" or role is Role.STEWARD)


def test_a_thing_of_anothers_is_told_as_one_that_is_not_there(
    far: OpenAPI, world: World, bare: Bare, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO)
    # A steward last: what they may see they may also change.
    for role in sorted(Role, key=lambda one: one is Role.STEWARD):
        compare(role, far, world, bare, caplog)


def compare(
    role: Role, far: OpenAPI, world: World, bare: Bare, caplog: pytest.LogCaptureFixture
) -> None:
    """Ask at every address for a thing and for none, and hold one answer and its log to the other."""
    client, told_apart, compared = Client(far, WHO[role]), set[str](), 0
    token = client.token
    for one in walked(far):
        kind = NAMES.get(one[0], "")
        if not kind:
            continue
        thing = bare(FOUND[kind])[0]
        said = []
        for of in ({**thing, "id": NONE}, thing):
            handle = sealed(world, kind, of, WHO[role])
            given = told(answer(client.http, token, one, NOBODY, handle), NOBODY, handle)
            said.append((given, logged(caplog, handle)))
        access = access_of(far.view_functions[one[0]])
        assert access
        if is_theirs(role, access.permission, kind):
            told_apart |= {kind} if said[0] != said[1] else set()
            continue
        assert said[0] == said[1], (role, one)
        compared += 1
    assert compared >= (3 if role is Role.STEWARD else 20)
    # Whose they are is shown them, so the handles are right and the walk compares something.
    if role is Role.STEWARD:
        assert {"pair", "introduction", "correction", "shield", "look", "user"} <= told_apart


def test_every_address_that_names_no_child_names_a_thing(bare_app: OpenAPI):
    """A new one stands in NAMES, or is about a child."""
    others = {one for one, _, rule in walked(bare_app) if "/children/<" not in rule}
    assert others - set(NAMES) == {"pages.find_sent", "api.post_find", "assets.static"}


@pytest.mark.parametrize("api", ["", "/api"], ids=["page", "api"])
def test_a_sensitive_service_that_is_withheld_is_told_as_none(
    app: OpenAPI, bare: Bare, caplog: pytest.LogCaptureFixture, api: str
):
    """To who may open the child, and reports something wrong with the service."""
    caplog.set_level(logging.INFO)
    client = Client(app, "nurse.one")
    handle, said = client.find(CHIDI)["handle"], []
    address = f"{api}/children/{handle}/corrections"
    [withheld] = bare(FOUND["service"])
    for service in (NONE, withheld["id"]):
        sent = {"mistake": "an involvement has ended", "service": service, "reference": "C-1"}
        caplog.clear()
        given = client.post(address, sent) if api else client.send(address, **sent)
        said.append((told(given, handle, service), logged(caplog, handle, service)))
    assert said[0] == said[1]
    assert said[0][0][0] == 422


def test_a_sensitive_service_named_in_the_directorys_address_is_told_as_none(
    app: OpenAPI, bare: Bare
):
    [withheld] = bare(FOUND["service"])
    for person in PEOPLE:
        client = Client(app, person.id)
        said = [
            told(client.get(f"/services?authority={LEEDS}&confirmed={one}"), NOBODY, one)
            for one in (NONE, withheld["id"])
        ]
        assert said[0] == said[1], person.role
        assert said[0][0] == 200
