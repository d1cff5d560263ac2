"""Valid time and record time: `on` and `known_at` give back what was, and what was known."""

from datetime import date, timedelta

import pytest

from graph import BadQuestion, ServiceMapOf
from tests.world import NOW, NURSE, STEWARD, World, involvement, leeds, span


def names(answer) -> list[tuple[str | None, date | None]]:
    """Services and ends, in order."""
    return [(i.service.name if i.service else None, i.period.to) for i in answer.involvements]


def test_on_a_day_only_what_was_open_is_shown(world: World) -> None:
    assert len(names(world.map(on=date(2020, 6, 1)))) == 1
    assert len(names(world.map(on=date(2026, 4, 10)))) == 3
    assert names(world.map(on=date(2019, 1, 1))) == []


def test_a_correction_retracts_and_writes_anew(world: World, bare) -> None:
    before = NOW.at
    NOW.forward(hours=1)
    rows = [
        *leeds().involvements[1:],
        involvement("I1", "C1", "T1", span("2020-02-01", "2026-11-01")),
    ]
    report = world.graph.load(STEWARD, leeds(extracted=date(2026, 11, 21), involvements=rows))
    assert (report.new, report.changed, report.ended) == (0, 1, 0)
    NOW.forward(hours=1)

    def door(answer):
        [one] = [
            i for i in answer.involvements if i.service and i.service.name == "Leeds Front Door"
        ]
        return one.period.from_, one.period.to, one.recorded_at, one.retracted_at

    now, then = door(world.map()), door(world.map(known_at=before + timedelta(minutes=1)))
    assert now == (date(2020, 2, 1), date(2026, 11, 1), before + timedelta(hours=1), None)
    assert then == (date(2020, 1, 6), None, before, before + timedelta(hours=1))
    versions = bare(
        "MATCH ()-[r:INVOLVED_WITH]->() WHERE r.from IN [date('2020-01-06'), date('2020-02-01')] "
        "RETURN count(r) AS all, count(r.key) AS live, count(DISTINCT r.record) AS records"
    )
    assert versions == [{"all": 2, "live": 1, "records": 1}]


def test_before_the_load_nothing_was_known(world: World) -> None:
    handle = world.handle()
    asked = ServiceMapOf(child=handle, known_at=NOW.at - timedelta(days=1))
    answer = world.graph.ask(NURSE, asked)
    assert (answer.involvements, answer.identity, list(answer.homes)) == ([], None, [])
    assert not answer.coverage.sources


def test_what_a_full_extract_misses_has_ended_by_its_date(world: World) -> None:
    NOW.forward(days=7)
    newer = leeds(extracted=date(2026, 11, 27), involvements=leeds().involvements[1:])
    assert world.graph.load(STEWARD, newer, accept_drop=True).ended == 1
    [ended] = [i for i in world.map().involvements if i.service and "Front" in i.service.name]
    assert (ended.period.to, ended.period.to_exact) == (date(2026, 11, 27), False)
    NOW.forward(days=7)
    again = world.graph.load(STEWARD, newer.model_copy(update={"extracted": date(2026, 12, 4)}))
    assert (again.ended, again.changed) == (0, 0)
    back = world.graph.load(STEWARD, leeds(extracted=date(2026, 12, 5)))
    assert (back.new, back.changed) == (0, 1)


def test_what_is_open_is_open_as_of_the_latest_full_extract(world: World) -> None:
    then = NOW.at
    NOW.forward(days=7)
    world.graph.load(STEWARD, leeds(extracted=date(2026, 11, 27)))
    NOW.forward(minutes=5)

    def asserted(**asked) -> set[date]:
        shown = [i for i in world.map(**asked).involvements if i.service and i.period.open]
        return {i.asserted_on for i in shown}

    assert asserted() == {date(2026, 11, 27)}
    assert asserted(known_at=then) == {date(2026, 11, 20)}


def test_an_instant_without_a_zone_is_refused(world: World) -> None:
    with pytest.raises(BadQuestion, match="time zone"):
        world.map(known_at=NOW.at.replace(tzinfo=None))
