"""Who looked at a child: each look once, with who, from where and why; nothing of anybody else's."""

import pytest

from graph import (
    FindChild,
    Look,
    Looks,
    NotAllowed,
    NotVisible,
    Outcome,
    Role,
    ServiceMapOf,
    Viewer,
    WhoLooked,
)
from tests.world import (
    AUDITOR,
    CHIDI,
    IDLE,
    LEEDS,
    NOBODY,
    NOW,
    NURSE,
    SHIELDED,
    STEWARD,
    World,
    involvement,
    leeds,
    span,
)
from web.words import looked

WORKER = Viewer(id="w.one", role=Role.PRACTITIONER, service="leeds-social-care:T1", authority=LEEDS)


def looks(world: World, viewer: Viewer = STEWARD, number: str = CHIDI) -> Looks:
    """Who looked at the child of an NHS number."""
    return world.graph.ask(viewer, WhoLooked(of=FindChild(nhs_number=number)))


def test_each_look_is_there_once_the_latest_first(world: World) -> None:
    handle = world.handle()
    NOW.forward(hours=1)
    world.graph.ask(NURSE, ServiceMapOf(child=handle))
    NOW.forward(hours=1)
    own = world.graph.ask(WORKER, FindChild(nhs_number=CHIDI)).children[0].handle
    NOW.forward(minutes=1)
    world.graph.ask(WORKER, ServiceMapOf(child=own))
    found = looks(world)
    assert found.outcome is Outcome.ONE
    assert [(look.user, look.question) for look in found.looks] == [
        ("w.one", "ServiceMapOf"),
        ("w.one", "FindChild"),
        ("nurse.one", "ServiceMapOf"),
        ("nurse.one", "FindChild"),
    ]
    assert (found.total, found.compared) == (4, 0)
    nurse, worker = found.looks[-1], found.looks[0]
    assert (nurse.ground, nurse.purpose, nurse.reference, nurse.service) == (
        "stated purpose",
        "attendance in emergency care",
        "ED-1042",
        None,
    )
    assert (worker.ground, worker.service, worker.authority) == (
        "own service",
        "Leeds Front Door",
        "Leeds",
    )
    assert all(look.shown and not look.restricted for look in found.looks)


def test_who_opened_it_in_vain_is_there_too(world: World) -> None:
    handle = world.graph.ask(WORKER, FindChild(nhs_number=CHIDI)).children[0].handle
    NOW.forward(minutes=1)
    with pytest.raises(NotVisible):
        world.graph.ask(WORKER.model_copy(update={"service": None}), ServiceMapOf(child=handle))
    refused, found = looks(world).looks
    assert (refused.user, refused.question, refused.shown, refused.ground) == (
        "w.one",
        "ServiceMapOf",
        False,
        None,
    )
    assert found.shown


def test_whom_a_search_was_not_for_is_only_counted(world: World) -> None:
    """Somebody without a ground who types a like name has not looked for this child."""
    world.graph.ask(IDLE, FindChild(family_name="Okafor", given_name="Chidi"))
    found = looks(world)
    assert (found.looks, found.total, found.compared) == ([], 0, 1)


@pytest.mark.parametrize("consent", ["", "given"])
def test_who_works_for_a_sensitive_service_is_not_named_without_consent(
    world: World, consent: str
) -> None:
    if consent:
        given = involvement("I2", "C1", "T2", span("2021-05-01"), consent="given")
        world.graph.load(STEWARD, leeds(involvements=[given]), accept_drop=True)
    mind = WORKER.model_copy(update={"id": "mind.one", "service": "leeds-social-care:T2"})
    world.graph.ask(mind, FindChild(nhs_number=CHIDI))
    [look] = looks(world).looks
    if consent:
        assert (look.user, look.service, look.ground) == ("mind.one", "Leeds Mind", "own service")
    else:
        assert look.user is look.ground is look.authority is look.reference is None
        assert look.service == "a sensitive service"
        assert "somebody who is not named (practitioner, a sensitive service)" in looked(look)
        assert "Mind" not in str(look)


def test_the_steward_who_asked_is_in_the_next_report(world: World) -> None:
    assert looks(world).looks == []
    NOW.forward(minutes=1)
    [own] = looks(world, AUDITOR).looks
    assert (own.user, own.question, own.ground) == ("steward.one", "WhoLooked", "role")


def test_of_a_shielded_child_nothing_is_said(world: World, bare) -> None:
    """From where somebody looked could tell where the child is."""
    world.graph.ask(NURSE, FindChild(nhs_number=SHIELDED))
    assert looks(world, number=SHIELDED) == Looks(outcome=Outcome.ONE, restricted=True)
    unsure = WhoLooked(of=FindChild(family_name="Nowak", birth_date="2012-02-29"))
    assert world.graph.ask(STEWARD, unsure) == Looks(outcome=Outcome.NONE)
    rows = bare(
        "MATCH (r:Access {question: 'WhoLooked', outcome: 'restricted'})"
        " RETURN r.children = r.restricted AS same"
    )
    assert rows == [{"same": True}]


def test_a_look_at_a_child_who_was_shielded_then_says_what_was_shown(world: World, bare) -> None:
    world.graph.ask(NURSE, FindChild(nhs_number=SHIELDED))
    bare("MATCH (c:Child {shielded: true}) SET c.shielded = false")
    [look] = looks(world, number=SHIELDED).looks
    assert look.restricted
    assert "only that a restricted record exists" in looked(look)


def test_without_one_child_beyond_doubt_nothing_is_said(world: World, bare) -> None:
    assert looks(world, number=NOBODY) == Looks(outcome=Outcome.NONE)
    several = WhoLooked(of=FindChild(family_name="Okafur", given_name="Chidi"))
    found = world.graph.ask(STEWARD, several)
    assert found == Looks(outcome=Outcome.SEVERAL)
    rows = bare("MATCH (r:Access {question: 'WhoLooked'}) RETURN r.children AS c ORDER BY r.at")
    assert [row["c"] for row in rows] == [[], []]


@pytest.mark.parametrize("viewer", [NURSE, WORKER, IDLE.model_copy(update={"role": Role.LEAD})])
def test_only_a_steward_or_an_auditor_may_ask(world: World, viewer: Viewer) -> None:
    with pytest.raises(NotAllowed):
        looks(world, viewer)


def test_in_plain_words() -> None:
    look = Look(
        at=NOW.at,
        user="nurse.one",
        role="practitioner",
        service="St James's Emergency Department",
        authority="Leeds",
        question="ServiceMapOf",
        shown=True,
        restricted=False,
        ground="stated purpose",
        purpose="attendance in emergency care",
        emergency=None,
        reference="ED-1042",
    )
    assert looked(look) == (
        "23 November 2026 at 10:30: nurse.one (practitioner, St James's Emergency Department, Leeds); "
        "the map of services: shown. Why: attendance in emergency care, their reference ED-1042. "
        "Ground: stated purpose."
    )
    assert ": refused, nothing was shown." in looked(look.model_copy(update={"shown": False}))
