"""Who works with children in the SSD: teams, professionals and ssd_involvements."""

from datetime import date
from pathlib import Path

import pytest

from graph.model import Agency, ChangeReason, Part, Profession
from tests.test_ssd import ONE, STAFF, load, said, span


def test_the_tree_of_teams(tmp_path: Path):
    teams = [
        {},
        {"team_id": "12.0", "team_name": "ignored"},
        {"team_id": 13, "team_name": "Youth Offending Team", "team_parent_id": 12},
        {"team_id": 14, "team_name": "CAMHS – Looked after", "team_parent_id": 14},
        {"team_id": 15, "team_name": "", "team_parent_id": 99},
    ]
    batch = load(tmp_path, ssd_department=[teams[0], *teams[2:]])
    assert [
        (row.record, row.service.name, row.service.agency, row.service.sensitive)
        for row in batch.services
    ] == [
        ("12/", "East Locality", Agency.SOCIAL_CARE, False),
        ("13/", "Youth Offending Team", Agency.YOUTH_JUSTICE, False),
        ("14/", "CAMHS - Looked after", Agency.SOCIAL_CARE, True),
        ("15/", "Team 15", Agency.SOCIAL_CARE, False),
    ]
    assert [(row.record, row.service, row.parent) for row in batch.parents] == [
        ("13/12", "13", "12")
    ]
    assert said(batch.warnings) == [
        ("dept_team_name", "is missing; the team is called by its id"),
        ("dept_team_parent_id", "names a parent that is not in ssd_department; it is left out"),
    ]


def test_professionals_have_posts_registration_and_a_profession(tmp_path: Path):
    people = [
        {},
        {"professional_id": 78, "professional_name": "Left, Tom (agency)",
         "professional_job_title": "", "professional_department": "North Locality"},
        {"professional_id": 79, "professional_name": "Ola Doe", "professional_department": "",
         "professional_job_title": "Business Support", "social_worker_registration_no": ""},
        {"professional_id": 80, "professional_name": "Duty Team"},
        {"professional_id": 81, "professional_name": "Ann GP", "professional_department": "",
         "professional_job_title": "GP"},
    ]  # fmt: skip
    batch = load(tmp_path, ssd_professionals=people, ssd_department=ONE)
    assert [
        (
            row.record,
            row.practitioner.name,
            row.practitioner.profession,
            row.practitioner.registration,
        )
        for row in batch.practitioners
    ] == [
        ("77/12", "Amina Yusuf", Profession.SOCIAL_WORKER, "SW000007"),
        ("78/north-locality", "Tom Left", Profession.SOCIAL_WORKER, "SW000007"),
        ("79/childrens-social-care", "Ola Doe", Profession.OTHER, None),
    ]
    assert {row.record for row in batch.services} == {
        "12/", "north-locality/", "childrens-social-care/"
    }  # fmt: skip


def test_an_involvement_is_the_team_and_the_worker_within_it(tmp_path: Path):
    row = {"involvement_end_date": "2025-02-01 00:00:00", "worker_change_reason": "leftrl"}
    batch = load(tmp_path, **STAFF, ssd_involvements=[row])
    (tie,), (work,) = batch.involvements, batch.allocations
    assert (tie.record, tie.child, tie.service, tie.kind) == ("invo:9001", "501", "12", None)
    assert (work.record, work.child, work.service) == ("invo:9001", "501", "12")
    assert (work.practitioner, work.part) == ("77", Part.ALLOCATED_WORKER)
    assert work.change_reason is ChangeReason.LEFTRL
    assert span(tie) == span(work) == (date(2024, 1, 6), date(2025, 2, 1))


@pytest.mark.parametrize(
    "end", ["1900-01-01T00:00:00", "9999-12-31", "2300-01-01 00:00:00", "NULL"]
)
def test_what_systems_write_where_there_is_no_end_is_open(tmp_path: Path, end: str):
    batch = load(tmp_path, **STAFF, ssd_involvements=[{"involvement_end_date": end}])
    assert span(batch.involvements[0]) == (date(2024, 1, 6), None)
    assert not batch.faults


def test_without_a_known_worker_the_team_holds_the_child_and_the_reverse(tmp_path: Path):
    rows = [
        {"involvements_id": 1, "professional_id": -1},
        {"involvements_id": 2, "professional_team": "-1"},
        {"involvements_id": 3, "professional_id": "-1", "professional_team": -1},
        {"involvements_id": 4, "professional_id": 999},
        {"involvements_id": 5, "professional_team": 999},
    ]
    batch = load(tmp_path, **STAFF, ssd_involvements=rows)
    unnamed = "childrens-social-care"
    assert [(row.record, row.service) for row in batch.involvements] == [
        ("invo:1", "12"), ("invo:2", unnamed), ("invo:3", unnamed), ("invo:4", "12"),
        ("invo:5", unnamed),
    ]  # fmt: skip
    assert [(row.record, row.service) for row in batch.allocations] == [
        ("invo:2", unnamed), ("invo:5", unnamed),
    ]  # fmt: skip
    assert [(one.line, one.column) for one in batch.warnings] == [
        (5, "invo_professional_id"),
        (6, "invo_professional_team"),
    ]


def test_a_team_may_be_given_by_name(tmp_path: Path):
    rows = [
        {"involvements_id": 1, "professional_team": "EAST  LOCALITY"},
        {"involvements_id": 2, "professional_team": "West Locality"},
        {"involvements_id": 3, "professional_team": "west locality"},
    ]
    for order in (rows, rows[::-1]):
        batch = load(tmp_path, **STAFF, ssd_involvements=order)
        assert {row.record: row.service for row in batch.involvements} == {
            "invo:1": "12", "invo:2": "west-locality", "invo:3": "west-locality",
        }  # fmt: skip
        names = {row.service.id: row.service.name for row in batch.services}
        assert names == {"12": "East Locality", "west-locality": "West Locality"}


def test_a_name_of_two_teams_is_neither_of_them(tmp_path: Path):
    twice = [{}, {"team_id": 13}]
    rows = [{"professional_team": "East Locality"}]
    batch = load(tmp_path, **{**STAFF, "ssd_department": twice}, ssd_involvements=rows)
    assert batch.involvements[0].service == "east-locality"


def test_key_agencies_that_name_no_team_are_no_involvement_of_the_authority(tmp_path: Path):
    rows = [
        {"involvements_id": 1, "professional_team": -1, "professional_role_id": "School"},
        {"involvements_id": 2, "professional_team": -1, "professional_role_id": "KACHV"},
        {"involvements_id": 3, "professional_role_id": "Health Visitor"},
        {"involvements_id": 4, "professional_team": -1, "professional_role_id": "",
         "professional_id": 81},
    ]  # fmt: skip
    doctor = {"professional_id": 81, "professional_department": "", "professional_job_title": "GP"}
    staff = {**STAFF, "ssd_professionals": [{}, doctor]}
    batch = load(tmp_path, **staff, ssd_involvements=rows)
    assert [(row.record, row.service) for row in batch.involvements] == [("invo:3", "12")]
    assert [row.part for row in batch.allocations] == [Part.CO_WORKER]
    assert (
        "invo_professional_role_id",
        "is of another agency and names no team; such rows are not taken (2 more of these)",
    ) in said(batch.warnings)


def test_a_reason_in_words_is_left_out_and_told_once(tmp_path: Path):
    rows = [
        {"involvements_id": n, "worker_change_reason": "Managing caseloads"} for n in range(3)
    ] + [{"involvements_id": 9, "worker_change_reason": "MANAGE"}]
    batch = load(tmp_path, **STAFF, ssd_involvements=rows)
    assert [row.change_reason for row in batch.allocations] == [None] * 3 + [ChangeReason.MANAGE]
    assert said(batch.warnings) == [
        (
            "invo_worker_change_reason",
            "is not one of the ten codes; rows are taken without it (2 more of these)",
        )
    ]
