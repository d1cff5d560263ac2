"""How far consent to show a sensitive service goes: until when, and to which agencies."""

from typing import Any

import pytest

from tests.world import IDLE, LEAD, NOW, NURSE, STEWARD, World, involvement, leeds, span

ED = "bradford-health:A9"
SOCIAL_CARE = "leeds-social-care:T1"


def give(world: World, **terms: Any) -> None:
    """Load Chidi's sensitive involvement with consent on these terms."""
    mine = involvement("I2", "C1", "T2", span("2021-05-01"), consent="given", **terms)
    rows = [leeds().involvements[0], mine, leeds().involvements[2]]
    world.graph.load(STEWARD, leeds(involvements=rows))


def named(world: World, viewer: Any = NURSE) -> bool:
    """Whether a viewer is told which sensitive service it is."""
    services = [one.service for one in world.map(viewer=viewer).involvements]
    assert len(services) == 3
    return "Leeds Mind" in {one.name for one in services if one}


@pytest.mark.parametrize(("until", "shown"), [("2026-11-22", False), ("2026-11-23", True)])
def test_consent_holds_until_the_end_of_its_last_day(world: World, until: str, shown: bool) -> None:
    give(world, consent_until=until)
    assert named(world) is shown
    NOW.forward(days=1)
    assert not named(world)


def test_consent_for_an_agency_shows_nobody_else(world: World) -> None:
    give(world, consent_for=["health"])
    nurse, worker = (IDLE.model_copy(update={"service": one}) for one in (ED, SOCIAL_CARE))
    assert [named(world, one) for one in (nurse, worker, NURSE)] == [True, False, False]
    lead = LEAD.model_copy(update={"authority": "380"})
    assert not named(world, lead)
    give(world, consent_for=["health", "social care"])
    assert [named(world, one) for one in (nurse, worker)] == [True, True]


def test_narrower_terms_take_the_place_of_wider_ones(world: World) -> None:
    give(world)
    assert named(world)
    give(world, consent_for=["police"])
    assert not named(world)
    give(world)
    assert named(world)


def test_a_row_that_says_nothing_new_of_consent_is_unchanged(world: World) -> None:
    give(world, consent_until="2027-01-01")
    mine = involvement(
        "I2", "C1", "T2", span("2021-05-01"), consent="given", consent_until="2027-01-01"
    )
    rows = [leeds().involvements[0], mine, leeds().involvements[2]]
    report = world.graph.load(STEWARD, leeds(involvements=rows))
    assert (report.new, report.changed) == (0, 0)


def test_terms_that_stood_in_a_row_for_nobody_end_what_was_given(world: World) -> None:
    give(world)
    bad = involvement(
        "I2", "C1", "T2", span("2029-05-01"), consent="given", consent_for=["police"]
    ).model_copy(update={"child": "nobody"})
    rows = [leeds().involvements[0], bad, leeds().involvements[2]]
    report = world.graph.load(STEWARD, leeds(involvements=rows))
    assert report.rejected == 1
    assert not named(world)
