"""Shielding that people ask for: it acts at once, is reviewed, and two stewards lift it."""

from datetime import date

import pytest

from graph import (
    BadQuestion,
    FindChild,
    NotAllowed,
    NotVisible,
    Outcome,
    ReviewShield,
    Role,
    ServiceMapOf,
    Shield,
    ShieldByDetails,
    ShieldChild,
    ShieldedByDetails,
    ShieldReason,
    Shields,
    ShieldVerdict,
    Viewer,
    working_days_after,
)
from tests.world import (
    AUDITOR,
    CHIDI,
    IDLE,
    NOBODY,
    NOW,
    NURSE,
    SHIELDED,
    STEWARD,
    World,
    bradford,
    child,
    leeds,
)

SECOND = Viewer(id="steward.two", role=Role.STEWARD)


def ask(world: World, viewer: Viewer = NURSE) -> None:
    question = ShieldChild(
        child=world.handle(viewer=viewer), reason=ShieldReason.DANGER, reference="S-17"
    )
    assert world.graph.ask(viewer, question).review_by == date(2026, 12, 21)


def listed(world: World, viewer: Viewer = STEWARD) -> list[Shield]:
    return list(world.graph.ask(viewer, Shields()).shields)


def review(world: World, viewer: Viewer, verdict: ShieldVerdict):
    [shield] = listed(world, viewer)
    return world.graph.ask(viewer, ReviewShield(shield=shield.handle, verdict=verdict))


def shown(world: World) -> bool:
    found = world.graph.ask(NURSE, FindChild(nhs_number=CHIDI))
    assert found.outcome is Outcome.ONE
    return not found.children[0].restricted


def test_twenty_working_days_leave_out_weekends_and_bank_holidays():
    assert working_days_after(date(2026, 11, 23), 20) == date(2026, 12, 21)
    assert working_days_after(date(2026, 12, 21), 20) == date(2027, 1, 21)


def test_it_acts_at_once_for_everybody(world: World):
    handle = world.handle()
    assert shown(world)
    ask(world)
    assert not shown(world)
    mapped = world.graph.ask(NURSE, ServiceMapOf(child=handle))
    assert (mapped.restricted, mapped.identity, list(mapped.involvements)) == (True, None, [])
    by_name = FindChild(family_name="Okafor", given_name="Chidi")
    assert world.graph.ask(NURSE, by_name).outcome is Outcome.NONE


def test_who_may_not_open_the_child_cannot_shield_it_and_learns_nothing(world: World, bare):
    question = ShieldChild(child=world.handle(), reason=ShieldReason.DANGER, reference="S-17")
    with pytest.raises(NotVisible):
        world.graph.ask(IDLE, question)
    with pytest.raises(NotAllowed):
        world.graph.ask(STEWARD, question)
    assert shown(world)
    assert bare("MATCH (s:Shield) RETURN count(s) AS n") == [{"n": 0}]


def test_a_steward_sees_who_asked_and_not_for_whom(world: World, bare):
    ask(world)
    [shield] = listed(world)
    said = (shield.asked_by, shield.reason, shield.reference, shield.due)
    assert said == ("nurse.one", ShieldReason.DANGER, "S-17", False)
    [row] = bare("MATCH (c:Child {shielded: true})<-[:SHIELDS]-() RETURN c.id AS id")
    assert row["id"] not in shield.model_dump_json()
    for viewer in (NURSE, Viewer(id="lead.one", role=Role.LEAD, authority="383")):
        with pytest.raises(NotAllowed):
            listed(world, viewer)
    stolen = ReviewShield(shield=shield.handle, verdict=ShieldVerdict.LIFT)
    with pytest.raises(NotVisible):
        world.graph.ask(SECOND, stolen)
    NOW.forward(days=28)
    [shield] = listed(world)
    assert shield.due


def test_two_stewards_lift_it_and_one_does_not(world: World, bare):
    ask(world)
    first = review(world, STEWARD, ShieldVerdict.LIFT)
    assert (first.waits, first.lifted, shown(world)) == (True, False, False)
    with pytest.raises(BadQuestion, match="another steward"):
        review(world, STEWARD, ShieldVerdict.LIFT)
    tried = "MATCH (r:Access {question: 'ReviewShield'}) RETURN count(r) AS n"
    assert bare(tried) == [{"n": 2}]
    second = review(world, SECOND, ShieldVerdict.LIFT)
    assert (second.lifted, shown(world), listed(world)) == (True, True, [])


def test_who_keeps_it_takes_back_what_another_would_lift(world: World):
    ask(world)
    review(world, STEWARD, ShieldVerdict.LIFT)
    NOW.forward(days=28)
    kept = review(world, SECOND, ShieldVerdict.KEEP)
    assert kept.review_by == working_days_after(date(2026, 12, 21), 20)
    [shield] = listed(world)
    assert (shield.lift_by, shield.kept_by, shield.due) == (None, "steward.two", False)
    assert review(world, SECOND, ShieldVerdict.LIFT).waits


def test_two_shields_are_lifted_one_by_one(world: World):
    ask(world)
    ask(world)
    for shield in listed(world, STEWARD):
        world.graph.ask(STEWARD, ReviewShield(shield=shield.handle, verdict=ShieldVerdict.LIFT))
    one, other = listed(world, SECOND)
    for shield in (one, other):
        assert not shown(world)
        world.graph.ask(SECOND, ReviewShield(shield=shield.handle, verdict=ShieldVerdict.LIFT))
    assert shown(world)


def test_no_load_and_no_lift_undoes_what_a_source_marks(world: World):
    ask(world)
    marked = child("C1", nhs_number=CHIDI, family_name="Okafor", given_name="Chidi", shielded=True)
    world.graph.load(STEWARD, bradford(children=[marked], full=False))
    review(world, STEWARD, ShieldVerdict.LIFT)
    review(world, SECOND, ShieldVerdict.LIFT)
    assert not shown(world)


def by_details(world: World, number: str, **more: object) -> ShieldedByDetails:
    of = FindChild.model_validate({"nhs_number": number} if number else more)
    question = ShieldByDetails(of=of, reason=ShieldReason.COURT, reference="S-20")
    return world.graph.ask(STEWARD, question)


def test_a_steward_shields_by_details_of_one_child_beyond_doubt(world: World):
    assert by_details(world, "", family_name="Okafor", birth_date="2015-06-10").review_by is None
    assert by_details(world, NOBODY).outcome is Outcome.NONE
    assert shown(world)
    found = by_details(world, CHIDI)
    assert (found.review_by, found.marked) == (date(2026, 12, 21), False)
    assert not shown(world)
    [shield] = listed(world, STEWARD)
    assert (shield.asked_by, shield.over_mark) == ("steward.one", False)
    for viewer in (NURSE, AUDITOR):
        with pytest.raises(NotAllowed):
            world.graph.ask(
                viewer,
                ShieldByDetails(
                    of=FindChild(nhs_number=CHIDI), reason=ShieldReason.COURT, reference="S-20"
                ),
            )


def test_what_a_source_marked_is_lifted_by_two_stewards_once_it_is_taken_over(world: World):
    def restricted() -> bool:
        return world.graph.ask(NURSE, FindChild(nhs_number=SHIELDED)).children[0].restricted

    assert by_details(world, SHIELDED).marked
    [shield] = listed(world, STEWARD)
    assert shield.over_mark
    assert review(world, STEWARD, ShieldVerdict.LIFT).waits
    assert restricted()
    assert review(world, SECOND, ShieldVerdict.LIFT).lifted
    assert not restricted()
    world.graph.load(STEWARD, leeds())
    assert not restricted()
    said = {"nhs_number": SHIELDED, "family_name": "Nowak", "given_name": "Zofia Ann"}
    again = child("C2", shielded=True, birth_date="2012-02-29", **said)
    world.graph.load(STEWARD, leeds(children=[leeds().children[0], again]))
    assert restricted()


def test_lifting_what_somebody_else_asked_for_leaves_what_a_steward_took_over(world: World):
    ask(world)
    marked = child("C1", nhs_number=CHIDI, family_name="Okafor", given_name="Chidi", shielded=True)
    world.graph.load(STEWARD, bradford(children=[marked], full=False))
    assert by_details(world, CHIDI).marked
    own = [shield for shield in listed(world) if not shield.over_mark]
    for viewer in (STEWARD, SECOND):
        [shield] = [one for one in listed(world, viewer) if one.reference == own[0].reference]
        world.graph.ask(viewer, ReviewShield(shield=shield.handle, verdict=ShieldVerdict.LIFT))
    assert not shown(world)
    review(world, STEWARD, ShieldVerdict.LIFT)
    assert review(world, SECOND, ShieldVerdict.LIFT).lifted
    assert shown(world)


def test_a_load_does_not_undo_a_shield_that_was_asked_for(world: World):
    ask(world)
    world.graph.load(STEWARD, bradford())
    world.graph.match(STEWARD)
    assert not shown(world)


def test_it_is_recorded_with_the_child_and_without_an_identity(world: World, bare):
    ask(world)
    review(world, STEWARD, ShieldVerdict.KEEP)
    rows = bare(
        "MATCH (r:Access) WHERE r.question IN ['ShieldChild', 'ReviewShield'] "
        "RETURN r.question AS question, r.user AS user, size(r.children) AS children ORDER BY r.at, r.id"
    )
    assert {(r["question"], r["user"], r["children"]) for r in rows} == {
        ("ShieldChild", "nurse.one", 1),
        ("ReviewShield", "steward.one", 1),
    }
