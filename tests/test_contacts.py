"""Whom to ring now: by clock, weekend, bank holiday; who left is passed over."""

from datetime import UTC, date, datetime, timedelta

import pytest

from graph import ContactKind
from graph.hours import bank_holidays, opens_next, staffed, staffed_until
from tests.world import BROKER, NOW, STEWARD, World, allocation, involvement, leeds, span

MONDAY = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "when", "here"),
    [
        ("Mo-Fr 09:00-17:00", MONDAY, True),
        ("Mo-Fr 09:00-17:00", MONDAY.replace(hour=17, minute=0), False),
        ("Mo-Fr 09:00-17:00", MONDAY.replace(hour=8, minute=59), False),
        ("Mo-Fr 09:00-17:00", datetime(2026, 11, 21, 10, 0, tzinfo=UTC), False),
        ("Mo-Fr 09:00-17:00; Sa 10:00-12:00", datetime(2026, 11, 21, 10, 0, tzinfo=UTC), True),
        ("Mo-Fr 09:00-17:00", datetime(2026, 12, 25, 10, 0, tzinfo=UTC), False),
        ("24/7", datetime(2026, 12, 25, 3, 0, tzinfo=UTC), True),
        ("Mo-Fr 09:00-17:00", datetime(2026, 7, 1, 8, 30, tzinfo=UTC), True),  # summer time
        ("Fr-Mo 09:00-17:00", MONDAY, True),
        ("Tu 00:00-24:00", datetime(2026, 11, 24, 23, 59, tzinfo=UTC), True),
        (None, MONDAY, True),
        ("Mo-Su 17:00-09:00", datetime(2026, 11, 24, 2, 0, tzinfo=UTC), True),
        ("Mo-Su 17:00-09:00", MONDAY, False),
        ("Fr 17:00-09:00", datetime(2026, 11, 21, 8, 0, tzinfo=UTC), True),
        ("Fr 17:00-09:00", datetime(2026, 11, 20, 8, 0, tzinfo=UTC), False),
    ],
)
def test_hours_hold_in_london(hours: str | None, when: datetime, here: bool) -> None:
    assert staffed(hours, when) is here


@pytest.mark.parametrize(
    ("hours", "when", "until"),
    [
        ("Mo-Fr 09:00-17:00", MONDAY, "2026-11-23 17:00"),
        ("Mo-Fr 09:00-12:00; Mo-Fr 12:00-18:30", MONDAY, "2026-11-23 18:30"),
        ("Mo 00:00-24:00; Tu 00:00-08:00", MONDAY, "2026-11-24 08:00"),
        ("Mo-Su 17:00-09:00", datetime(2026, 11, 24, 2, 0, tzinfo=UTC), "2026-11-24 09:00"),
        ("Mo-Fr 09:00-17:00", datetime(2026, 7, 1, 8, 30, tzinfo=UTC), "2026-07-01 17:00"),
        (None, MONDAY, "2026-11-23 17:00"),
        ("Mo-Fr 09:00-17:00", MONDAY.replace(hour=17, minute=0), None),
        ("24/7", MONDAY, None),
    ],
)
def test_until_when_somebody_is_there(hours: str | None, when: datetime, until: str | None) -> None:
    found = staffed_until(hours, when)
    assert (found and f"{found:%Y-%m-%d %H:%M}") == until


@pytest.mark.parametrize(
    ("hours", "when", "opens"),
    [
        ("Mo-Fr 09:00-17:00", MONDAY.replace(hour=17, minute=0), "2026-11-24 09:00"),
        ("Mo-Fr 09:00-17:00", MONDAY.replace(hour=7), "2026-11-23 09:00"),
        ("Mo-Fr 09:00-17:00", datetime(2026, 11, 27, 20, 0, tzinfo=UTC), "2026-11-30 09:00"),
        ("Mo-Fr 09:00-17:00", datetime(2026, 12, 24, 20, 0, tzinfo=UTC), "2026-12-29 09:00"),
        (
            "Mo 09:00-17:00",
            datetime(2026, 3, 28, 20, 0, tzinfo=UTC),
            "2026-03-30 09:00",
        ),  # summer time begins
        ("24/7", MONDAY, None),
    ],
)
def test_when_somebody_is_there_again(hours: str, when: datetime, opens: str | None) -> None:
    found = opens_next(hours, when)
    assert (found and f"{found:%Y-%m-%d %H:%M}") == opens


def test_englands_bank_holidays_are_those_of_england() -> None:
    assert date(2026, 4, 6) in bank_holidays(2026)  # Easter Monday
    assert date(2026, 1, 2) not in bank_holidays(2026)  # Scotland's alone
    assert date(2026, 12, 28) in bank_holidays(2026)  # for Boxing Day, a Saturday


def first(world: World):
    """The one to ring now."""
    return world.map().ring_now[0]


def test_in_hours_the_worker_then_the_duty_line(world: World) -> None:
    worker, duty = world.map().ring_now[:2]
    assert (worker.kind, worker.name) == (ContactKind.WORKER, "Amina Yusuf")
    assert (duty.kind, duty.telephone) == (ContactKind.DUTY, "0113 496 0101")
    assert duty.confirmed_on == date(2026, 11, 2)
    assert "Tom Left left on 30 September 2026" in duty.note
    assert "Tom Left" not in {contact.name for contact in world.map().ring_now}


@pytest.mark.parametrize("by", [{"hours": 10}, {"days": 5}, {"days": 32}])
def test_out_of_hours_the_out_of_hours_line(world: World, by: dict[str, int]) -> None:
    NOW.forward(**by)
    one = first(world)
    assert (one.kind, one.telephone) == (ContactKind.OUT_OF_HOURS, "0113 496 0102")
    assert one.staffed_now


def test_a_day_begins_at_midnight_in_england(world: World) -> None:
    begins = involvement("I9", "C1", "T1", span("2027-07-02"))
    world.graph.load(STEWARD, leeds(involvements=[begins], allocations=[]), accept_drop=True)
    NOW.at = datetime(2027, 7, 1, 22, 30, tzinfo=UTC)
    assert "may still know" in first(world).note
    NOW.forward(hours=1)  # half past twelve on the second, in England
    assert "may still know" not in first(world).note


def test_without_the_worker_the_duty_line(world: World) -> None:
    only_left = [allocation("A2", "C1", "P2", "T1", span("2020-01-06"))]
    world.graph.load(STEWARD, leeds(allocations=only_left), accept_drop=True)
    assert first(world).kind is ContactKind.DUTY


def test_a_withheld_service_is_reached_through_the_broker(world: World) -> None:
    [broker] = [c for c in world.map().ring_now if c.kind is ContactKind.BROKER]
    assert broker.telephone == BROKER


def test_where_all_has_ended_the_last_team_may_still_know(world: World) -> None:
    ended = involvement("I1", "C1", "T1", span("2020-01-06", "2026-06-01"))
    world.graph.load(
        STEWARD,
        leeds(involvements=[ended], allocations=[], extracted=date(2026, 11, 21)),
        accept_drop=True,
    )
    NOW.at += timedelta(days=1)
    notes = " ".join(contact.note for contact in world.map().ring_now)
    assert "may still know" in notes
