"""Who looked at a child: each look once, with who, from where and why; nothing of anybody else's."""

import pytest

from graph import (
    FindChild,
    Look,
    Looks,
    NotAllowed,
    Outcome,
    Role,
    ServiceMapOf,
    Viewer,
    WhoLooked,
)
from tests.world import CHIDI, IDLE, LEEDS, NOBODY, NOW, NURSE, SHIELDED, STEWARD, World
from web.words import looked

AUDITOR = Viewer(id="auditor.one", role=Role.AUDITOR)
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


def test_who_was_refused_is_there_too(world: World) -> None:
    world.graph.ask(IDLE, FindChild(nhs_number=CHIDI))
    [refused] = [look for look in looks(world).looks if not look.shown]
    assert (refused.user, refused.question, refused.ground) == ("idle.one", "FindChild", None)


def test_the_steward_who_asked_is_in_the_next_report(world: World) -> None:
    assert looks(world).looks == []
    NOW.forward(minutes=1)
    [own] = looks(world, AUDITOR).looks
    assert (own.user, own.question, own.ground) == ("steward.one", "WhoLooked", "role")


def test_of_a_shielded_child_too_by_its_number_alone(world: World) -> None:
    world.graph.ask(NURSE, FindChild(nhs_number=SHIELDED))
    [look] = looks(world, number=SHIELDED).looks
    assert look.restricted
    assert "only that a restricted record exists" in looked(look)
    unsure = WhoLooked(of=FindChild(family_name="Nowak", birth_date="2012-02-29"))
    assert world.graph.ask(STEWARD, unsure) == Looks(outcome=Outcome.NONE)


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
