"""The list of authorities: complete, consistent, and its history."""

from collections import Counter
from datetime import date

import pytest

from graph.authorities import AuthorityRecord, authorities


def on(day: date) -> list[AuthorityRecord]:
    return [record for record in authorities().values() if record.period.holds(day)]


def gss_on(number: str, day: date) -> list[str]:
    return [gss.code for gss in authorities()[number].gss if gss.period.holds(day)]


@pytest.mark.parametrize(
    ("day", "count"),
    [
        (date(2018, 1, 1), 152),
        (date(2019, 4, 1), 151),
        (date(2021, 4, 1), 152),
        (date(2026, 11, 1), 153),
    ],
)
def test_as_many_as_there_were(day: date, count: int) -> None:
    assert len(on(day)) == count


def test_every_authority_has_a_region_and_a_code_on_each_day() -> None:
    for record in authorities().values():
        assert record.region, record.number
        day = record.period.to or date(2026, 11, 1)
        assert len(gss_on(record.number, day)) == 1, record.number


def test_one_code_belongs_to_one_authority() -> None:
    codes = Counter(gss.code for record in authorities().values() for gss in record.gss)
    assert not [code for code, times in codes.items() if times > 1]


def test_no_spelling_means_two_authorities_of_today() -> None:
    spelt = Counter(
        name.casefold() for record in on(date(2026, 11, 1)) for name in {record.name, *record.names}
    )
    assert not [name for name, times in spelt.items() if times > 1]


def test_an_ended_authority_is_succeeded_the_next_day() -> None:
    for record in authorities().values():
        assert bool(record.period.to) == bool(record.succeeded_by), record.number
        for number in record.succeeded_by:
            assert record.period.gap_days(authorities()[number].period) == 0


def test_a_number_outlives_its_codes() -> None:
    assert gss_on("373", date(2025, 4, 30)) == ["E08000019"]
    assert gss_on("373", date(2025, 5, 1)) == ["E08000039"]
    assert gss_on("825", date(2020, 3, 31)) == ["E10000002"]


def test_successors_of_counties_that_were_split() -> None:
    assert authorities()["909"].succeeded_by == ("942", "943")
    assert authorities()["835"].succeeded_by == ("838", "839")


def test_spellings_that_people_write() -> None:
    assert "Hull" in authorities()["810"].names
    assert "St. Helens" in authorities()["342"].names
