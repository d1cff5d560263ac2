"""The child of a plan of CP-IS: known by number, shielded, and no more kept than is needed."""

from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.test_cpis import (
    LOOKED_AFTER,
    MOTHER,
    NHS,
    ONE,
    TWO,
    UNBORN,
    VERIFIED,
    bundle,
    flag,
    load,
    patient,
    plan,
    refused,
    said,
    team,
    usual,
)


def test_of_the_mother_of_an_unborn_child_only_the_number_is_kept(tmp_path: Path):
    mother = patient(MOTHER, birthDate="1999-06-09")
    batch = load(tmp_path, bundle(flag(), plan(UNBORN), team(), mother))
    (child,) = batch.children
    assert child.identity.model_dump(exclude_defaults=True) == {"nhs_number": MOTHER}


def test_a_born_patient_without_number_is_not_the_unborn_child(tmp_path: Path):
    column, sentence = refused(load(tmp_path, bundle(plan(UNBORN), team(), patient(None))))
    assert (column, "cannot be known" in sentence) == ("subject", True)
    unborn = patient(None, birthDate="2027-02-01")
    (child,) = load(tmp_path, bundle(plan(UNBORN), team(), unborn)).children
    assert (child.record, child.identity.expected_date) == ("P1", date(2027, 2, 1))


@pytest.mark.parametrize(
    "subject",
    [
        {"identifier": {"system": NHS, "value": "999 000 0018"}},
        {
            "reference": "https://api.service.nhs.uk/personal-demographics/FHIR/R4/Patient/9990000018"
        },
    ],
)
def test_a_child_who_is_not_in_the_bundle_is_known_by_the_number(
    tmp_path: Path, subject: dict[str, Any]
):
    (child,) = load(tmp_path, bundle(plan(subject=subject), team())).children
    assert child.identity.model_dump(exclude_defaults=True) == {"nhs_number": ONE}


@pytest.mark.parametrize("where", ["Patient", "CarePlan", "Flag", "CareTeam", "Bundle"])
def test_a_restricted_record_is_shielded(tmp_path: Path, where: str):
    marked = usual()
    parts = [marked, *(entry["resource"] for entry in marked["entry"])]
    one = next(part for part in parts if part["resourceType"] == where)
    one["meta"] = {"security": [{"code": "R"}]}
    assert [child.shielded for child in load(tmp_path, marked).children] == [True]


def test_a_restricted_plan_that_is_refused_still_hides(tmp_path: Path):
    marked = {"meta": {"security": [{"code": "R"}]}}
    batch = load(tmp_path, usual(period={"start": "yesterday"}, **marked))
    hiding = [(f.table, f.record) for f in batch.faults if f.hides]
    assert hiding == [("children", ONE)]
    both = bundle(plan(), plan(name="C2", period={"start": "x"}, **marked), team(), patient())
    assert [child.shielded for child in load(tmp_path, both).children] == [True]


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        (patient("9990000019"), "is not a valid NHS number"),
        (patient(None, birthDate="2015"), "cannot be known"),
        (patient(None, own="a?b"), "has no id to know it by"),
        (
            patient(identifier=[{"system": NHS, "value": one} for one in (ONE, TWO)]),
            "is said to have two NHS numbers",
        ),
    ],
)
def test_what_refuses_a_child(tmp_path: Path, who: dict[str, Any], sentence: str):
    subject = {"reference": f"Patient/{who['id']}"}
    batch = load(tmp_path, bundle(plan(subject=subject), team(), who))
    column, found = refused(batch)
    assert (column, sentence in found) == ("subject", True)
    assert not any(number in str(fault) for fault in batch.faults for number in (ONE, TWO))


def test_a_number_that_is_not_verified_is_not_taken(tmp_path: Path):
    status = {"url": VERIFIED, "valueCodeableConcept": {"coding": [{"code": "02"}]}}
    unsure = patient(identifier=[{"system": NHS, "value": ONE, "extension": [status]}])
    batch = load(tmp_path, bundle(plan(), team(), unsure))
    (child,) = batch.children
    assert (child.record, child.identity.nhs_number) == ("P1", None)
    assert [column for column, _ in said(batch.warnings)] == ["identifier"]
    sure = deepcopy(unsure)
    sure["identifier"][0]["extension"][0]["valueCodeableConcept"]["coding"][0]["code"] = "01"
    (child,) = load(tmp_path, bundle(plan(), team(), sure)).children
    assert child.identity.nhs_number == ONE


def test_names_are_the_usual_ones_and_old_ones_are_former(tmp_path: Path):
    names = [
        {"use": "official", "family": "Okafor-Eze", "given": ["Chidi"]},
        {"use": "usual", "family": "Okafor", "given": ["Chidi"]},
        {"use": "old", "family": "Eze"},
        {"family": "Nwosu", "period": {"end": "2020-01-01"}},
        {"use": "nickname", "given": ["Chi7"]},
    ]
    (child,) = load(tmp_path, bundle(plan(), team(), patient(name=names))).children
    assert child.identity.family_name == "Okafor"
    assert child.identity.former_names == ("Eze", "Nwosu")


def test_what_cannot_be_used_of_a_numbered_child_is_left_out_with_a_warning(tmp_path: Path):
    odd = patient(name=[{"family": "Ok@for", "given": ["Chidi"]}], birthDate="2015-06")
    batch = load(tmp_path, bundle(plan(), team(), odd))
    assert [column for column, _ in said(batch.warnings)] == ["name", "birthDate"]
    assert batch.children[0].identity.given_name == "Chidi"


def test_one_child_in_several_bundles_is_one_and_filled_in(tmp_path: Path):
    bare = {"identifier": {"system": NHS, "value": ONE}}
    batch = load(tmp_path, bundle(plan(LOOKED_AFTER, subject=bare), team()), usual())
    (child,) = batch.children
    assert (child.identity.family_name, len(batch.involvements)) == ("Okafor", 2)
