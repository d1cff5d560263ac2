"""What is made of one service of a directory: its name, status, kind, areas, telephones and hours."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph import Agency, Graph, ServiceKind
from loaders.openreferral.hours import hours
from loaders.openreferral.kinds import agency_of, what
from tests.test_openreferral import (
    DIRECTORY,
    EDGES,
    TODAY,
    read_one,
    said,
    service_of,
    weekly,
)
from tests.world import STEWARD


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<b>Elm</b> Road<br/>Stay &amp; Play", "Elm Road Stay & Play"),
        ("&lt;i&gt;Elm&lt;/i&gt; &amp;amp; Oak", "Elm & Oak"),
        ("<script>alert('x')</script>Elm Road", "Elm Road"),
        ("<SCRIPT src=//evil.example>Elm", None),
        ("Elm <img src=x onerror=alert(1)> Road", "Elm Road"),
        ("Elm \u0000\u0007\u0085 Road\u200b", "Elm Road"),
        ("Under 5s < 3 hours", "Under 5s 3 hours"),
        ("Elm\u2019s \u2013 Road\ud800", "Elm’s - Road"),
        ("Cafe\u0301", "Café"),
        (" - ", None),
        (17, "17"),
    ],
)
def test_names_without_their_markup(tmp_path: Path, name: Any, shown: str | None):
    batch = read_one(tmp_path, name=name)
    assert [row.service.name for row in batch.services[:1]] == ([shown] if shown else [])
    assert {fault.column for fault in batch.faults} == (set() if shown else {"name"})


def test_a_long_name_is_cut_with_a_warning(tmp_path: Path):
    batch = read_one(tmp_path, name="Elm " * 30)
    assert service_of(batch).name == ("Elm " * 25).strip()
    assert said(batch.warnings) == [("name", "is longer than 100 signs and was cut")]


@pytest.mark.parametrize(
    ("status", "last", "warned"),
    [
        ("active", None, False),
        ("", None, False),
        (None, None, False),
        ("Active", None, False),
        ("temporarily closed", None, False),
        ("temporarily_closed", None, False),
        ("inactive", date(2026, 3, 15), False),
        ("defunct", date(2026, 3, 15), False),
        ("ZZ", None, True),
    ],
)
def test_status(tmp_path: Path, status: str | None, last: date | None, warned: bool):
    batch = read_one(tmp_path, status=status)
    assert {row.period.to for row in batch.services} == {last}
    assert {row.period.to_exact for row in batch.services} == {last is None}
    assert bool(batch.warnings) == warned


def test_nobody_is_sent_to_ring_a_service_that_is_closed_for_a_time(tmp_path: Path):
    service = service_of(read_one(tmp_path, status="temporarily closed"))
    assert (service.duty_line, service.out_of_hours_line, service.hours) == (None, None, None)


@pytest.mark.parametrize("modified", [None, "ZZ", "2027-01-01"])
def test_a_service_that_closed_nobody_knows_when_is_left_out(tmp_path: Path, modified: str | None):
    batch = read_one(tmp_path, status="inactive", last_modified=modified)
    assert not batch.services
    assert not batch.faults
    assert batch.full
    assert said(batch.warnings)[-1] == (
        "status", "is closed since nobody knows when; the service is left out",
    )  # fmt: skip


# name, terms: what a practitioner would take the service for.
@pytest.mark.parametrize(
    ("name", "terms", "kind", "sensitive"),
    [
        ("Elm Road Counselling", [], ServiceKind.MENTAL_HEALTH, True),
        ("CAMHS and early help", [], ServiceKind.MENTAL_HEALTH, True),
        ("Young people's drug service", [], ServiceKind.SUBSTANCE_MISUSE, True),
        ("Sexual health clinic", [], ServiceKind.SEXUAL_HEALTH, True),
        ("Elm Road Refuge", [], ServiceKind.OTHER, True),
        ("Domestic abuse and parenting", [], ServiceKind.FAMILY_SUPPORT, True),
        ("Elm Road Family Hub", ["Mental health"], ServiceKind.EARLY_HELP, False),
        ("The Willow Project", ["Support", "Alcohol"], ServiceKind.SUBSTANCE_MISUSE, True),
        (
            "The Willow Project",
            ["Parenting", "Domestic violence"],
            ServiceKind.FAMILY_SUPPORT,
            True,
        ),
        ("Children’s Centre", [], ServiceKind.EARLY_HELP, False),
        ("Children's Centre", [], ServiceKind.EARLY_HELP, False),
        ("Health visiting", [], ServiceKind.HEALTH_VISITING, False),
        ("After school club", [], ServiceKind.OTHER, False),
        ("Elm Road Football", ["Sport"], ServiceKind.OTHER, False),
    ],
)
def test_kinds(tmp_path: Path, name: str, terms: list[str], kind: ServiceKind, sensitive: bool):
    new = [{"taxonomy_term": {"name": term}} for term in terms]
    old = [{"taxonomy": {"name": term}} for term in terms]
    for links in ({"attributes": new}, {"service_taxonomys": old}):
        service = service_of(read_one(tmp_path, name=name, **links))
        assert (service.kind, service.sensitive) == (kind, sensitive)


@pytest.mark.parametrize(
    ("organisation", "kind", "agency"),
    [
        ("Elm Road Families", ServiceKind.OTHER, Agency.VOLUNTARY),
        ("", ServiceKind.OTHER, Agency.VOLUNTARY),
        ("Elm Road Council for Voluntary Service", ServiceKind.OTHER, Agency.VOLUNTARY),
        ("Leeds City Council", ServiceKind.OTHER, Agency.EARLY_HELP),
        ("Leeds City Council", ServiceKind.FRONT_DOOR, Agency.SOCIAL_CARE),
        ("London Borough of Camden", ServiceKind.YOUTH_JUSTICE, Agency.YOUTH_JUSTICE),
        ("Elm Road Hospital", ServiceKind.MIDWIFERY, Agency.HEALTH),
        ("Elmshire NHS Foundation Trust", ServiceKind.OTHER, Agency.HEALTH),
        ("Elmshire Constabulary", ServiceKind.OTHER, Agency.POLICE),
        ("Elm Road Primary School", ServiceKind.OTHER, Agency.EDUCATION),
        ("Elm Academy of Dance", ServiceKind.OTHER, Agency.VOLUNTARY),
    ],
)
def test_agencies(organisation: str, kind: ServiceKind, agency: Agency):
    assert agency_of(organisation, kind) is agency


def test_a_name_says_more_than_terms():
    assert what("Early help", ["Substance misuse"]) == (ServiceKind.EARLY_HELP, False)


@pytest.mark.parametrize(
    ("areas", "authorities"),
    [
        (None, [None]),
        ([], [None]),
        ([{"name": "Atlantis"}], [None]),
        ([{"name": "The whole of the north of England"}], [None]),
        ([{"name": "Hull"}, {"name": "Kingston upon Hull, City of"}], ["810"]),
        ([{"service_area": "<p>St. Helens</p>"}], ["342"]),
        ([{"name": "E08000016"}, {"name": "E08000038"}], ["370"]),
        ([{"name": "x", "uri": "http://statistics.data.gov.uk/id/E06000010"}], ["810"]),
        ([{"name": "Leeds"}, {"name": "Atlantis"}], ["383"]),
        ({"name": "Leeds"}, ["383"]),
        ("Leeds", [None]),
        ([None, 7, [], {"name": {"x": 1}}], [None]),
    ],
)
def test_areas(tmp_path: Path, areas: Any, authorities: list[str | None]):
    batch = read_one(tmp_path, service_areas=areas)
    assert [row.authority for row in batch.services] == authorities
    assert [row.record.rpartition("/")[2] for row in batch.services] == [
        a or "" for a in authorities
    ]


def test_an_area_that_nobody_names_is_the_sources_own(graph: Graph, bare, tmp_path: Path):
    graph.load(STEWARD, DIRECTORY)
    graph.load(STEWARD, read_one(tmp_path, service_areas=None))
    assert [edge["to"] for edge in bare(EDGES)] == ["383"]


def phone(number: Any, description: str = "", **more: str) -> dict[str, Any]:
    return {"number": number, "description": description, **more}


@pytest.mark.parametrize(
    ("phones", "duty", "night"),
    [
        ([], None, None),
        ([phone("0113 496 0001"), phone("0113 496 0002")], "0113 496 0001", None),
        ([phone("0800 1111"), phone("0113 496 0002")], "0113 496 0002", None),
        ([phone("0113 496 0001", "Out-of-hours line")], None, "0113 496 0001"),
        ([phone("0113 496 0001", "Emergency Duty Team"), phone("0113 496 0002")],
         "0113 496 0002", "0113 496 0001"),
        ([phone("0113 496 0001", type="fax"), phone("0113 496 0002")], "0113 496 0002", None),
        ([phone("0113 496 0001", "Minicom"), phone("0113 496 0002")], "0113 496 0002", None),
        ([phone(1134960001)], "01134960001", None),
        ([phone('"+44 113 496 0001"')], "0113 496 0001", None),
        ([phone(None), phone(""), phone({}), phone([])], None, None),
        ("0113 496 0001", None, None),
    ],
)  # fmt: skip
def test_telephones(tmp_path: Path, phones: Any, duty: str | None, night: str | None):
    batch = read_one(tmp_path, phones=phones, contacts=[])
    service = service_of(batch)
    assert (service.duty_line, service.out_of_hours_line) == (duty, night)
    assert not batch.warnings


def test_telephones_of_places_come_after_the_services_own(tmp_path: Path):
    place = {"location": {"phones": [phone("0113 496 0004")]}, "phones": [phone("0113 496 0003")]}
    places = {"service_at_locations": [place], "contacts": []}
    assert service_of(read_one(tmp_path, **places)).duty_line == "0113 496 0001"
    assert service_of(read_one(tmp_path, phones=[], **places)).duty_line == "0113 496 0003"


def test_numbers_that_are_none_are_a_warning(tmp_path: Path):
    batch = read_one(tmp_path, phones=[phone("999"), phone("ZZ")], contacts=[])
    assert said(batch.warnings) == [
        ("phones", "has no UK telephone number; the service is taken without")
    ]


@pytest.mark.parametrize(
    ("schedules", "line"),
    [
        ([], None),
        ([weekly("MO,TU,WE,TH,FR")], "Mo-Fr 09:00-17:00"),
        ([weekly("FR MO;WE")], "Mo 09:00-17:00; We 09:00-17:00; Fr 09:00-17:00"),
        ([weekly("MO"), weekly("TU"), weekly("TU")], "Mo-Tu 09:00-17:00"),
        ([weekly("MO", "13:00"), weekly("MO", "09:00", "12:00")], "Mo 09:00-12:00; Mo 13:00-17:00"),
        ([weekly("SA,SU", "2000-01-01T08:00:00.000Z", "9:30+01:00")], "Sa-Su 08:00-09:30"),
        ([weekly("FR", "18:00", "02:00")], "Fr 18:00-02:00"),
        ([weekly("FR", "18:00", "00:00")], "Fr 18:00-24:00"),
        ([weekly("MO,TU,WE,TH,FR,SA,SU", "00:00", "23:59")], "24/7"),
        ([weekly("", "00:00", "24:00", freq="DAILY")], "24/7"),
        ([weekly("", weekday="Thursday")], "Th 09:00-17:00"),
        ([weekly("", weekday=4)], "Th 09:00-17:00"),
        ([weekly("MO", freq=None)], "Mo 09:00-17:00"),
        ([weekly("MO", freq="MONTHLY")], None),
        ([weekly("MO", interval=2)], None),
        ([weekly("MO", None, None)], None),
        ([weekly("MO", valid_to="2026-11-19")], None),
        ([weekly("MO", valid_from="2026-11-21")], None),
        ([weekly("MO", valid_from="2026-11-20", valid_to="20/11/2026")], "Mo 09:00-17:00"),
    ],
)
def test_hours(schedules: list[dict[str, Any]], line: str | None):
    assert hours(schedules, TODAY) == line


@pytest.mark.parametrize(
    "schedule",
    [
        weekly(""), weekly("XX"), weekly("T"), weekly("1MO"), weekly("MO", "25:00"),
        weekly("MO", "09:00", "24:30"), weekly("MO", "9am"), weekly("MO", "00:00", "00:00"),
        weekly("MO", "24:00", "09:00"), weekly("MO", None), weekly("MO", valid_to="ZZ"),
        weekly("MO", valid_to="2026-02-31"), weekly("MO", "09:60"),
    ],
)  # fmt: skip
def test_hours_that_cannot_be_read_are_left_out_whole_with_a_warning(
    tmp_path: Path, schedule: dict[str, Any]
):
    batch = read_one(tmp_path, schedules=[weekly("TU"), schedule])
    assert service_of(batch).hours is None
    ((column, sentence),) = said(batch.warnings)
    assert (column, sentence.endswith("the service is taken without its hours")) == (
        "schedules",
        True,
    )


def test_more_hours_than_a_line_holds_are_left_out(tmp_path: Path):
    many = [weekly("MO,WE,FR", f"{hour:02}:00", f"{hour:02}:30") for hour in range(8, 18)]
    batch = read_one(tmp_path, schedules=many)
    assert service_of(batch).hours is None
    assert batch.warnings


def test_hours_of_places_count_where_they_agree(tmp_path: Path):
    one = {"regular_schedule": [weekly("MO")]}
    two = {"location": {"schedules": [weekly("MO")]}}
    three = {"schedules": [weekly("TU")]}
    for places, line in (([one], "Mo 09:00-17:00"), ([one, two], "Mo 09:00-17:00"),
                         ([one, three], None)):  # fmt: skip
        batch = read_one(tmp_path, schedules=[], service_at_locations=places)
        assert service_of(batch).hours == line


@pytest.mark.parametrize(
    ("assured", "confirmed", "warned"),
    [
        ("2026-03-04T10:00:00Z", date(2026, 3, 4), False),
        ("04/03/2026", date(2026, 3, 4), False),
        ("1900-01-01", None, False),
        ("", None, False),
        ("2027-01-01", None, True),
        ("2026-02-31", None, True),
        ("ZZ", None, True),
        (1772582400000, None, True),
    ],
)
def test_when_it_was_assured(tmp_path: Path, assured: Any, confirmed: date | None, warned: bool):
    batch = read_one(tmp_path, assured_date=assured)
    assert service_of(batch).confirmed_on == confirmed
    assert bool(batch.warnings) == warned
