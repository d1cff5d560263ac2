"""Teams, workers and advisers of Annex A, as their names are written."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from graph.model import Agency, Part, Profession, ServiceKind
from loaders.cells import record_id, slug
from tests.test_annex_a import TODAY, load, row


def test_team_worker_and_allocation(tmp_path: Path):
    batch = load(tmp_path, list7=[row(7)])
    (team,), (post,), (tie,) = batch.services, batch.practitioners, batch.allocations
    assert (team.record, team.authority) == ("locality-4-unit-1/", None)
    assert (team.service.name, team.service.agency) == ("Locality 4 Unit 1", Agency.SOCIAL_CARE)
    assert post.record == "amina-yusuf/locality-4-unit-1"
    assert post.practitioner.name == "Amina Yusuf"
    assert (post.period.from_, post.period.to) == (None, None)
    assert tie.record == "L7:1234:2026-03-04:amina-yusuf"
    assert (tie.child, tie.practitioner, tie.service) == (
        "1234",
        "amina-yusuf",
        "locality-4-unit-1",
    )
    assert (tie.period.from_, tie.part) == (None, Part.ALLOCATED_WORKER)


def test_early_help_is_its_own_agency(tmp_path: Path):
    names = ["Top Town Academy", "Early Help Locality 2", "#N/A", "Young People's Drug Service"]
    rows = [
        row(2, Child_Unique_ID=n, Organisation_completing_assessment=name)
        for n, name in enumerate(names, 1)
    ]
    services = [row.service for row in load(tmp_path, list2=rows).services]
    assert {service.agency for service in services} == {Agency.EARLY_HELP}
    assert [(service.id, service.kind, service.sensitive) for service in services] == [
        ("top-town-academy", ServiceKind.SCHOOL, False),
        ("early-help-locality-2", ServiceKind.EARLY_HELP, False),
        ("early-help", ServiceKind.EARLY_HELP, False),
        ("young-peoples-drug-service", ServiceKind.SUBSTANCE_MISUSE, True),
    ]


@pytest.mark.parametrize(
    "missing", ["#N/A", "NULL", "-", "x", "Not known", "Unspecified", "#REF!", "", " \xa0", -1]
)
def test_a_missing_team_and_worker_leave_the_involvement(tmp_path: Path, missing: Any):
    batch = load(tmp_path, list6=[row(6, Allocated_Team=missing, Allocated_Worker=missing)])
    assert batch.involvements[0].service == "childrens-social-care"
    assert batch.services[0].service.name == "Children's social care"
    assert not batch.practitioners
    assert not batch.faults


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("Yusuf, Amina", "Amina Yusuf"),
        ("Amina Yusuf (agency)", "Amina Yusuf"),
        ("  Amina \u200b\xa0 Yusuf ", "Amina Yusuf"),
        ("Zoë O’Neil-Ash", "Zoë O’Neil-Ash"),
        ("Locality 4 Duty Team", None),
    ],
)
def test_names_of_workers(tmp_path: Path, cell: str, name: str | None):
    batch = load(tmp_path, list6=[row(6, Allocated_Worker=cell)])
    assert [post.practitioner.name for post in batch.practitioners] == ([name] if name else [])
    assert not batch.warnings[7:]


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("Amina Yusuf", "AMINA  yusuf"),
        ("Zoë O’Neil-Ash", "Zoe O'Neil Ash"),
        ("Children's Team", "Childrens team"),
    ],
)
def test_spellings_of_one_name_are_one_id(name: str, same: str):
    assert slug(name) == slug(same)


def test_ids_of_names_are_ids_and_differ():
    names = [
        "李明",
        "李华",
        "Łukasz Ø",
        "Łukasz Å",
        "A" * 80,
        "A" * 79,
        "Søren",
        "Sren",
        "Amina Yusuf",
    ]
    ids = [slug(name) for name in names]
    assert len(set(ids)) == len(names)
    assert all(record_id(each) and len(each) <= 48 for each in ids)


def test_a_name_that_cannot_be_is_a_warning_and_the_involvement_stays(tmp_path: Path):
    batch = load(tmp_path, list6=[row(6, Allocated_Worker="Zz 0113 496 0000")])
    assert len(batch.involvements) == 1
    assert not batch.allocations
    warning = batch.warnings[-1]
    assert warning.column == "Allocated Worker"
    assert "Zz" not in warning.sentence
    assert warning.sentence.endswith("the row is taken without it")


def test_an_allocation_stands_only_while_the_involvement_is_open(tmp_path: Path):
    ends = [
        None,
        datetime(1900, 1, 1),
        "31/12/9999",
        TODAY + timedelta(days=9),
        TODAY,
        datetime(2026, 5, 1),
    ]
    rows = [row(5, Child_Unique_ID=n, end=end) for n, end in enumerate(ends)]
    batch = load(tmp_path, list5=rows)
    assert [tie.child for tie in batch.allocations] == ["0", "1", "2", "3"]
    assert [tie.period.to for tie in batch.involvements] == [
        None, None, None, date(2026, 11, 29), TODAY, date(2026, 5, 1),
    ]  # fmt: skip


def test_a_personal_adviser_is_one(tmp_path: Path):
    cells = {"Allocated_Worker": "Amina Yusuf", "Allocated_Personal_Advisor": "Chidi Okafor"}
    both = {"Allocated_Worker": "Chidi Okafor", "Allocated_Personal_Advisor": "Chidi Okafor"}
    batch = load(tmp_path, list9=[row(9, **cells), row(9, Child_Unique_ID=2, **both)])
    assert {(tie.record, tie.part.value) for tie in batch.allocations} == {
        ("L9:1234:-:amina-yusuf", "allocated worker"),
        ("L9:1234:-:pa:chidi-okafor", "personal adviser"),
        ("L9:2:-:chidi-okafor", "allocated worker"),
        ("L9:2:-:pa:chidi-okafor", "personal adviser"),
    }
    assert {post.practitioner.id: post.practitioner.profession for post in batch.practitioners} == {
        "amina-yusuf": Profession.OTHER,
        "chidi-okafor": Profession.PERSONAL_ADVISER,
    }
