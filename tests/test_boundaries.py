"""Crossings and handovers: each says why, and gaps are days with nobody."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from graph import Agency, Authority, BoundaryKind, Home, Involvement, Period, Service
from graph.boundaries import handovers, with_crossings

LEEDS, BRADFORD = Authority(number="383", name="Leeds"), Authority(number="380", name="Bradford")
CUMBRIA = Authority(number="909", name="Cumbria")
CUMBERLAND = Authority(number="942", name="Cumberland")
FURNESS = Authority(number="943", name="Westmorland and Furness")
TODAY = date(2026, 11, 23)


def one(
    authority: Authority,
    start: date | None,
    end: date | None = None,
    agency: Agency = Agency.SOCIAL_CARE,
) -> Involvement:
    """An involvement of one team."""
    return Involvement(
        service=Service(id="s", name=f"{authority.name} team", agency=agency),
        authority=authority,
        period=Period(from_=start, to=end),
        source="s",
        asserted_on=TODAY,
        recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def lived(authority: Authority, start: date, end: date | None = None) -> Home:
    """A home."""
    return Home(authority=authority, period=Period(from_=start, to=end))


def kinds(involvement: Involvement) -> dict[BoundaryKind, str]:
    """Kinds of boundary crossed, and why."""
    return {crossing.kind: crossing.why for crossing in involvement.crossings}


def test_one_team_at_home_crosses_nothing() -> None:
    [alone] = with_crossings([one(LEEDS, date(2020, 1, 1))], [lived(LEEDS, date(2015, 1, 1))])
    assert kinds(alone) == {}


def test_a_team_of_another_area_than_the_home_crosses() -> None:
    homes = [lived(LEEDS, date(2015, 1, 1), date(2026, 3, 3)), lived(BRADFORD, date(2026, 3, 4))]
    [moved] = with_crossings([one(LEEDS, date(2020, 1, 1))], homes)
    assert kinds(moved) == {
        BoundaryKind.AREA: "Leeds while the child lived in Bradford from 4 March 2026"
    }


def test_two_areas_and_two_agencies_cross_at_once_and_in_sequence() -> None:
    both = with_crossings(
        [
            one(LEEDS, date(2020, 1, 1), date(2020, 12, 31)),
            one(BRADFORD, date(2022, 1, 1), agency=Agency.HEALTH),
        ],
        [],
    )
    assert kinds(both[0])[BoundaryKind.AREA] == "Bradford afterwards"
    assert kinds(both[1]) == {
        BoundaryKind.AREA: "Leeds before",
        BoundaryKind.AGENCY: "social care (Leeds team) before",
    }


def test_a_handover_counts_the_days_with_nobody() -> None:
    closed, opened = (
        one(LEEDS, date(2020, 1, 1), date(2026, 3, 4)),
        one(BRADFORD, date(2026, 3, 10)),
    )
    [found] = handovers([closed, opened], [], TODAY)
    assert (found.from_authority, found.to_authority) == (LEEDS, BRADFORD)
    assert (found.closed, found.opened, found.gap_days) == (date(2026, 3, 4), date(2026, 3, 10), 5)


def test_nothing_opened_after_a_move_counts_from_the_closing_to_today() -> None:
    homes = [lived(LEEDS, date(2015, 1, 1), date(2026, 9, 22)), lived(BRADFORD, date(2026, 9, 23))]
    [found] = handovers([one(LEEDS, date(2020, 1, 1), date(2026, 9, 20))], homes, TODAY)
    assert (found.opened, found.gap_days, found.to_authority) == (None, 64, BRADFORD)


def test_a_closing_long_before_the_move_is_no_handover() -> None:
    homes = [lived(LEEDS, date(2015, 1, 1), date(2025, 10, 8)), lived(BRADFORD, date(2025, 10, 9))]
    closed, opened = (
        one(LEEDS, date(2023, 1, 1), date(2024, 2, 1)),
        one(BRADFORD, date(2025, 11, 1)),
    )
    assert handovers([closed, opened], homes, TODAY) == []


def test_no_handover_where_nothing_moved_or_something_is_open() -> None:
    at_home = [lived(LEEDS, date(2015, 1, 1))]
    assert handovers([one(LEEDS, date(2020, 1, 1), date(2026, 9, 20))], at_home, TODAY) == []
    homes = [lived(LEEDS, date(2015, 1, 1), date(2026, 9, 22)), lived(BRADFORD, date(2026, 9, 23))]
    assert handovers([one(LEEDS, date(2020, 1, 1))], homes, TODAY) == []


def test_no_boundary_lies_between_an_authority_and_what_came_after_it() -> None:
    homes = [
        lived(CUMBRIA, date(2016, 1, 1), date(2023, 3, 31)),
        lived(CUMBERLAND, date(2023, 4, 1)),
    ]
    before = one(CUMBRIA, date(2022, 10, 16), date(2023, 5, 8))
    after = one(CUMBERLAND, date(2023, 6, 1))
    assert [kinds(found) for found in with_crossings([before, after], homes)] == [{}, {}]
    assert handovers([before, after], homes, TODAY) == []
    assert handovers([before], homes, TODAY) == []


def test_a_boundary_lies_between_two_that_came_after_one() -> None:
    both = [one(CUMBERLAND, date(2023, 4, 1), date(2024, 1, 1)), one(FURNESS, date(2024, 1, 9))]
    assert all(BoundaryKind.AREA in kinds(found) for found in with_crossings(both, []))
    [found] = handovers(both, [], TODAY)
    assert (found.from_authority, found.to_authority) == (CUMBERLAND, FURNESS)


def test_a_move_between_two_that_came_after_one_is_a_handover() -> None:
    homes = [
        lived(CUMBERLAND, date(2023, 4, 1), date(2026, 3, 1)),
        lived(FURNESS, date(2026, 3, 2)),
    ]
    own = [
        one(CUMBRIA, date(2018, 1, 1), date(2021, 1, 1)),
        one(CUMBERLAND, date(2024, 1, 1), date(2026, 2, 1)),
    ]
    [found] = handovers(own, homes, TODAY)
    assert (found.from_authority, found.to_authority) == (CUMBERLAND, FURNESS)


def test_a_handover_that_two_sources_tell_stands_once() -> None:
    closed = one(LEEDS, date(2020, 1, 1), date(2026, 3, 4))
    twice = [one(BRADFORD, date(2026, 3, 10)), one(BRADFORD, date(2026, 3, 10))]
    assert len(handovers([closed, *twice], [], TODAY)) == 1


DAYS = st.integers(0, 3000).map(lambda n: date(2018, 1, 1) + timedelta(days=n))


@given(
    st.lists(st.tuples(st.booleans(), DAYS, st.none() | DAYS, st.sampled_from(Agency)), max_size=8)
)
def test_any_history_has_reasons_and_no_negative_gap(rows) -> None:
    made = [
        one(LEEDS if a else BRADFORD, min(s, e) if e else s, max(s, e) if e else None, agency)
        for a, s, e, agency in rows
    ]
    homes = [lived(LEEDS, date(2017, 1, 1), date(2020, 1, 1)), lived(BRADFORD, date(2020, 1, 2))]
    assert all(c.why for i in with_crossings(made, homes) for c in i.crossings)
    assert all(h.gap_days >= 0 for h in handovers(made, homes, TODAY))
    assert all(h.from_authority != h.to_authority for h in handovers(made, homes, TODAY))
