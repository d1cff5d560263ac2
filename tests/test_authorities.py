"""The list of authorities: complete, consistent, and its history."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from graph.authorities import AuthorityRecord, authorities, authority_of, same_place

SHARED = Path(__file__).parents[2] / "shared" / "data"
here = pytest.mark.skipif(
    not SHARED.exists(), reason="the shared lists are not beside this checkout"
)


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


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("EALING LONDON BOROUGH", "Ealing"),
        ("Ealing London Borough Council", "Ealing"),
        ("Rochdale Metropolitan District Council", "Rochdale"),
        ("City of Wakefield Metropolitan District Council", "Wakefield"),
        ("Bradford MDC", "Bradford"),
        ("Metropolitan Borough of Wirral", "Wirral"),
        ("Leeds District", "Leeds"),
        ("Leeds District (B)", "Leeds"),
        ("Bournemouth Christchurch Poole", "Bournemouth, Christchurch and Poole"),
        ("Bath & NE Somerset", "Bath and North East Somerset"),
        ("N Yorkshire", "North Yorkshire"),
        ("W. Sussex C.C.", "West Sussex"),
        ("East Riding", "East Riding of Yorkshire"),
        ("Essex C.C", "Essex"),
        ("Southend B.C", "Southend-on-Sea"),
        ("Torbay (B)", "Torbay"),
        ("Bradford LA", "Bradford"),
    ],
)
def test_names_are_known_as_people_write_them(text: str, name: str) -> None:
    record = authority_of(text)
    assert record
    assert record.name == name


@pytest.mark.parametrize(
    "text",
    [
        *("Harlow District", "Colchester District (B)", "Ashford BC", "Ashford District Council"),
        *("Essex District", "Kent Metropolitan District Council", "Torbay London Borough"),
        *("Leeds London Borough", "Richmond", "Leicestershire CC and Rutland", "N", "District", ""),
        *("Metropolitan", "London Borough", "b", "C.C"),
    ],
)
def test_districts_and_names_of_two_places_are_not_known(text: str) -> None:
    assert authority_of(text) is None


def rows(name: str) -> list[dict[str, str]]:
    with (SHARED / "authorities" / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


UPPER = {"UA", "MD", "LBO", "CTY", "CC"}


@here
def test_of_the_register_every_name_of_an_upper_tier_is_known_and_no_other() -> None:
    register = {
        row["local-authority-code"]: row for row in rows("uk_local_authorities_current.csv")
    }
    names = [(row["la-name"], register[row["local-authority-code"]])
             for row in rows("lookup_name_to_registry.csv")]  # fmt: skip
    upper = [
        (name, row["gss-code"])
        for name, row in names
        if row["nation"] == "England" and row["local-authority-type"] in UPPER
    ]
    assert len(upper) > 700
    assert [name for name, _ in upper if authority_of(name) is None] == []
    assert [
        name
        for name, code in upper
        if (record := authority_of(name)) and not any(gss.code == code for gss in record.gss)
    ] == []
    other = [name for name, row in names if row["local-authority-type"] not in UPPER]
    assert len(other) > 900
    assert [name for name in other if authority_of(name)] == []


# Districts and boroughs that the schema had under the county of which they were a part once.
NOW_THEIR_OWN = {("Torbay (B)", "Devon"), ("Southend-on-Sea (B)", "Essex"), ("Medway (B)", "Kent")}


def annex_a() -> Iterator[tuple[str, str]]:
    """Every spelling of an authority of the schema of Annex A, with the name that stands for it."""

    def said(value: Any) -> Iterator[dict[str, Any]]:
        if isinstance(value, dict):
            if re.search(r"'E\d{8}'", str(value.get("name"))):
                yield value
            value = list(value.values())
        if isinstance(value, list):
            for one in value:
                yield from said(one)

    text = (SHARED / "annex_a" / "schema" / "Annex_A_schema.yml").read_text(encoding="utf-8")
    for one in said(yaml.safe_load(text)):
        yield from ((str(name), one["code"]) for name in one["name"])


# Towns, a district of before 2009, two authorities at once, services, parts of counties, and words
# that are spelt wrong.
NEITHER = {
    "Huddersfield", "Easington", "Richmond", "Leicestershire CC and Rutland", "Greater Manchester South",
    "North Tyneside Family Support", "South Nottinghamshire", "Rydale", "Terford and Wrek",
}  # fmt: skip


@here
def test_of_annex_a_every_name_of_an_upper_tier_is_known() -> None:
    register = rows("uk_local_authorities_current.csv")
    districts = {
        row["local-authority-code"] for row in register if row["local-authority-type"] == "NMD"
    }
    names = rows("lookup_name_to_registry.csv")

    def plain(name: str) -> str:
        return re.sub(r" (district|borough|council|\(b\))|[^a-z ]", "", name.casefold())

    lower = {plain(row["la-name"]) for row in names if row["local-authority-code"] in districts}
    spelt = list(annex_a())
    unknown = {name for name, _ in spelt if authority_of(name) is None}
    assert {name for name in unknown if plain(name) not in lower} == NEITHER
    assert len(spelt) > 500
    stood_for = ((name, code, authority_of(name), authority_of(code)) for name, code in spelt)
    wrong = {
        (name, code)
        for name, code, found, meant in stood_for
        if found and meant and not same_place(found.number, meant.number)
    }
    assert wrong == NOW_THEIR_OWN
