"""Bundles of Child Protection - Information Sharing, in every shape in which they come."""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph import Batch, Fault, InvolvementKind, Sex
from loaders import cpis

TODAY = date(2026, 11, 20)
ONE, TWO, MOTHER = "9990000018", "9990000026", "9990000034"
NHS = "https://fhir.nhs.uk/Id/nhs-number"
SNOMED = "http://snomed.info/sct"
PROTECTION, UNBORN, LOOKED_AFTER = "342191000000101", "818901000000100", "764841000000100"
VERIFIED = (
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus"
)


def coded(code: str, system: str = SNOMED) -> dict[str, Any]:
    return {
        "coding": [{"system": system, "code": code, "display": "ZZCONTENT"}],
        "text": "ZZCONTENT",
    }


def patient(number: str | None = ONE, own: str = "P1", **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "resourceType": "Patient",
        "id": own,
        "identifier": [{"system": NHS, "value": number}] if number else [],
        "name": [{"use": "official", "family": "Okafor", "given": ["Chidi", "Emeka"]}],
        "gender": "male",
        "birthDate": "2015-06-09",
        "address": [{"line": ["ZZCONTENT"], "postalCode": "LS1 4AP"}],
    }
    return {**found, **more}


def flag(name: str = "F1", plan: str = "CarePlan/C1", **more: Any) -> dict[str, Any]:
    detail = "http://hl7.org/fhir/StructureDefinition/flag-detail"
    found: dict[str, Any] = {
        "resourceType": "Flag",
        "id": name,
        "status": "active",
        "code": coded("child-protection-information-system-flag"),
        "subject": {"reference": "Patient/P1", "display": "ZZCONTENT"},
        "extension": [{"url": detail, "valueReference": {"reference": plan}}],
        "period": {"start": "2026-03-04T09:00:00Z"},
    }
    return {**found, **more}


def plan(code: str = PROTECTION, name: str = "C1", **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "resourceType": "CarePlan",
        "id": name,
        "status": "active",
        "intent": "plan",
        "category": [coded(code)],
        "subject": {"reference": "Patient/P1"},
        "period": {"start": "2026-03-04T09:00:00Z"},
        "careTeam": [{"reference": "CareTeam/T1", "display": "SFD1 - SHEFFIELD CITY COUNCIL"}],
        "note": [{"text": "ZZCONTENT"}],
    }
    return {**found, **more}


def phone(number: str, use: str | None = None, **more: Any) -> dict[str, Any]:
    return {"system": "phone", "value": number, **({"use": use} if use else {}), **more}


def team(name: str = "SFD1 - SHEFFIELD CITY COUNCIL", **more: Any) -> dict[str, Any]:
    phones = [phone("0114 496 0102", "mobile"), phone("0114 496 0101", "work")]
    found = {"resourceType": "CareTeam", "id": "T1", "status": "active", "name": name}
    return {**found, "telecom": phones, **more}


def bundle(*found: dict[str, Any], **more: Any) -> dict[str, Any]:
    entries = [
        {"fullUrl": f"{one['resourceType']}/{one.get('id')}", "resource": one} for one in found
    ]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries, **more}


def usual(**more: Any) -> dict[str, Any]:
    """The usual child's Bundle, with elements of the plan changed."""
    return bundle(flag(), plan(**more), team(), patient())


def written(path: Path, *said: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(json.dumps(one, indent=1) for one in said))
    return path


def load(tmp_path: Path, *said: Any, full: bool = True) -> Batch:
    return cpis.read(written(tmp_path / "b.json", *said), "cpis", TODAY, full)


def said(faults: Iterable[Fault]) -> list[tuple[str, str]]:
    return [(fault.column, fault.sentence) for fault in faults if fault.column]


def refused(batch: Batch) -> tuple[str, str]:
    """The one fault of a batch that holds no involvement."""
    assert not batch.involvements
    (one,) = said(batch.faults)
    return one


def test_a_bundle_becomes_a_child_a_service_and_an_involvement(tmp_path: Path):
    batch = load(tmp_path, usual())
    assert (batch.faults, batch.warnings) == ([], [])
    (child,), (row,), (tie,) = batch.children, batch.services, batch.involvements
    known = child.identity
    assert (child.record, known.nhs_number, child.shielded) == (ONE, ONE, False)
    assert (known.family_name, known.given_name, known.sex) == ("Okafor", "Chidi", Sex.MALE)
    assert (known.birth_date, known.postcode) == (date(2015, 6, 9), None)
    assert (row.record, row.authority) == ("childrens-social-care-373/373", "373")
    assert (row.service.name, row.service.agency.value) == ("Children's social care", "social care")
    assert (row.service.duty_line, row.service.out_of_hours_line) == (
        "0114 496 0101",
        "0114 496 0102",
    )
    assert (tie.kind, tie.child, tie.service) == (
        InvolvementKind.CHILD_PROTECTION,
        ONE,
        "childrens-social-care-373",
    )
    assert tie.record == f"{ONE}/CHILD_PROTECTION/2026-03-04/373"
    assert (tie.period.from_, tie.period.to) == (date(2026, 3, 4), None)


OTHER = {"name": [{"family": "Nowak", "given": ["Zofia"]}], "birthDate": "2012-02-29"}


def two_answers(own: str = "") -> tuple[dict[str, Any], dict[str, Any]]:
    """Answers of two servers, of two children whom both call P1."""
    one, other = bundle(plan(), team(), patient()), bundle(plan(), team(), patient(TWO, **OTHER))
    for number, answer in enumerate((one, other) if own else ()):
        for entry in answer["entry"]:
            entry["fullUrl"] = f"{own}{number}/{entry['resource']['resourceType']}/x"
    return one, other


def test_of_several_bundles_in_one_list_each_has_its_own_child(tmp_path: Path):
    batch = load(tmp_path, list(two_answers()))
    assert sorted(tie.child for tie in batch.involvements) == [ONE, TWO]
    assert batch.faults == []


def test_in_one_bundle_a_reference_is_read_beside_where_its_resource_stands(tmp_path: Path):
    one, other = two_answers("https://example.org/")
    for answer in (one, other):
        for entry in answer["entry"]:
            entry["fullUrl"] = entry["fullUrl"].removesuffix("x") + entry["resource"]["id"]
    batch = load(tmp_path, {**one, "entry": [*one["entry"], *other["entry"]]})
    assert sorted(tie.child for tie in batch.involvements) == [ONE, TWO]


def test_a_reference_that_fits_two_patients_is_not_the_first_of_them(tmp_path: Path):
    one, other = two_answers()
    loose = [entry["resource"] for answer in (one, other) for entry in answer["entry"]]
    batch = load(tmp_path, *loose)
    assert batch.involvements == []
    assert {sentence for _, sentence in said(batch.faults)} == {
        "points to no patient that is in the file, or to two, and gives no NHS number"
    }
    # The same patient sent twice is one.
    assert len(load(tmp_path, plan(), team(), patient(), patient()).involvements) == 1


def at_server(name: str, *found: dict[str, Any]) -> list[dict[str, Any]]:
    """Entries of a Bundle, each at the address that a server gives it."""
    at = f"https://{name}.example.org/"
    return [{"fullUrl": f"{at}{one['resourceType']}/{one['id']}", "resource": one} for one in found]


@pytest.mark.parametrize("reference", ["Patient/P1", "https://b.example.org/Patient/P1"])
def test_a_reference_is_not_the_patient_of_that_id_at_another_server(
    tmp_path: Path, reference: str
):
    of_b = plan(name="C2", subject={"reference": reference})
    entries = at_server("a", plan(), team(), patient()) + at_server("b", of_b)
    batch = load(tmp_path, {"resourceType": "Bundle", "entry": entries})
    assert [tie.child for tie in batch.involvements] == [ONE]
    assert [column for column, _ in said(batch.faults)] == ["subject"]


def test_patients_with_one_number_of_two_hospitals_are_two(tmp_path: Path):
    found = [
        patient(**more, identifier=[{"system": f"https://{name}.example.org", "value": "1"}])
        for name, more in (("a", {}), ("b", OTHER))
    ]
    assert refused(load(tmp_path, bundle(plan(), team(), *found)))[0] == "subject"
    held = plan(contained=found, subject={"reference": "#P1"})
    assert refused(load(tmp_path, bundle(held, team())))[0] == "subject"


def test_a_flag_that_fits_two_plans_is_of_neither(tmp_path: Path):
    plans = [plan(subject={"identifier": {"system": NHS, "value": one}}) for one in (ONE, TWO)]
    restricted = flag(meta={"security": [{"code": "R"}]}, subject={})
    batch = load(tmp_path, bundle(restricted, *plans, team()))
    assert ("extension", "points to no plan that is in the file") in said(batch.faults)
    assert [row.shielded for row in batch.children] == [False, False]


def test_a_flag_that_points_to_no_plan_is_not_of_the_patient_of_that_id_elsewhere(tmp_path: Path):
    restricted = flag(extension=[], meta={"security": [{"code": "R"}]})
    entries = at_server("a", plan(), team(), patient())
    entries += at_server("b", restricted, patient(TWO, **OTHER))
    batch = load(tmp_path, {"resourceType": "Bundle", "entry": entries})
    assert [(row.record, row.shielded) for row in batch.children] == [(ONE, False)]
    assert {fault.record for fault in batch.faults if fault.hides} == {TWO}


@pytest.mark.parametrize(("inner", "outer"), [(True, False), (False, True)])
def test_what_restricts_a_bundle_restricts_all_in_it_and_nobody_else(
    tmp_path: Path, inner: bool, outer: bool
):
    one, other = two_answers()
    restricted = {"security": [{"code": "R"}]}
    within = {**other, "meta": restricted if inner else {}}
    around = {**one, "meta": restricted if outer else {}}
    batch = load(tmp_path, {**around, "entry": [{"resource": within}, *one["entry"]]})
    shielded = {row.record: row.shielded for row in batch.children}
    assert shielded == {ONE: outer, TWO: True}


@pytest.mark.parametrize("which", range(4))
def test_a_restriction_reaches_down_to_every_depth_and_never_up_or_across(
    tmp_path: Path, which: int
):
    numbers = (ONE, TWO, "9990000042", "9990000050")
    top, middle, deep, beside = (bundle(plan(), team(), patient(one)) for one in numbers)
    (top, middle, deep, beside)[which]["meta"] = {"security": [{"code": "R"}]}
    middle["entry"].insert(0, {"resource": deep})
    top["entry"] = [{"resource": middle}, *top["entry"], {"resource": beside}]
    shielded = {row.record for row in load(tmp_path, top).children if row.shielded}
    below = {0: numbers, 1: (TWO, numbers[2]), 2: numbers[2:3], 3: numbers[3:]}
    assert shielded == set(below[which])


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (PROTECTION, InvolvementKind.CHILD_PROTECTION),
        (UNBORN, InvolvementKind.UNBORN_PROTECTION),
        (LOOKED_AFTER, InvolvementKind.LOOKED_AFTER),
    ],
)
def test_the_three_kinds_of_plan(tmp_path: Path, code: str, kind: InvolvementKind):
    assert [tie.kind for tie in load(tmp_path, usual(code=code)).involvements] == [kind]


def test_a_care_team_that_says_all_as_the_interface_answers(tmp_path: Path):
    answer = team(
        "Islington Local Authority",
        category=[coded(LOOKED_AFTER)],
        subject={"identifier": {"system": NHS, "value": ONE}, "display": "ZZCONTENT"},
        period={"start": "2022-09-26", "end": "2023-09-26"},
    )
    batch = load(tmp_path, bundle(answer, type="searchset", total=1))
    (tie,) = batch.involvements
    assert (tie.kind, batch.services[0].authority) == (InvolvementKind.LOOKED_AFTER, "206")
    assert (tie.period.from_, tie.period.to) == (date(2022, 9, 26), date(2023, 9, 26))
    assert not batch.faults


def test_references_that_differ_in_case_and_spelling_are_resolved(tmp_path: Path):
    softly = bundle(
        flag(plan="Careplan/c1"),
        plan(subject={"reference": "patients/p1"}, careTeam=[{"reference": "urn:uuid:T"}]),
        team(),
        patient(),
    )
    softly["entry"][2]["fullUrl"] = "URN:UUID:t"
    batch = load(tmp_path, softly)
    assert (len(batch.involvements), batch.faults, batch.warnings) == (1, [], [])


def test_orphans_are_faults_and_nothing_of_the_table_is_taken_for_missing(tmp_path: Path):
    batch = load(tmp_path, bundle(flag(), team()))
    assert refused(batch) == ("extension", "points to no plan that is in the file")
    batch = load(tmp_path, bundle(flag(), plan(), team()))
    column, sentence = refused(batch)
    assert (column, "gives no NHS number" in sentence) == ("subject", True)
    assert {(f.table, f.record) for f in batch.faults} == {
        ("involvements", None),
        ("children", None),
    }
    assert [row.authority for row in batch.services] == ["373"]


def test_a_team_that_is_not_in_the_file_is_told_by_its_name(tmp_path: Path):
    batch = load(tmp_path, bundle(plan(), patient()))
    assert said(batch.warnings) == [
        ("careTeam", "points to no team in the file; its name tells the authority")
    ]
    assert (batch.services[0].authority, batch.services[0].service.duty_line) == ("373", None)


def test_an_authority_that_is_not_known_refuses_the_plan(tmp_path: Path):
    batch = load(tmp_path, bundle(plan(), team("ZZ9 - ZZSHIRE"), patient()))
    assert refused(batch) == ("careTeam", "names no local authority that is known")
    assert not batch.services


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("SHEFFIELD CITY COUNCIL", "373"),
        ("HULL1 - KINGSTON UPON HULL, CITY OF", "810"),
        ("Cumbria County Council", "909"),
        ("Islington Local Authority", "206"),
        ("E08000019", "373"),
    ],
)
def test_authorities_are_told_by_code_and_name(tmp_path: Path, name: str, number: str):
    batch = load(tmp_path, bundle(plan(), team(name), patient()))
    assert [row.authority for row in batch.services] == [number]


@pytest.mark.parametrize(
    ("phones", "lines"),
    [
        ([phone("0114 496 0102", "mobile"), phone("0114 496 0101", "work")], (1, 2)),
        ([phone("0114 496 0102", rank=2), phone("0114 496 0101", rank=1)], (1, 2)),
        ([phone("0114 496 0101"), phone("0114 496 0102")], (1, 2)),
        ([phone("0114 496 0102", "mobile")], (None, 2)),
        ([phone("0114 496 0101", "work"), phone("0114 496 0102", "work")], (1, 2)),
        ([phone("0114 496 0102", "old"), phone("0114 496 0101", "work")], (1, None)),
        ([{"system": "email", "value": "a@example.org"}, phone("0114 496 0101")], (1, None)),
        ([], (None, None)),
    ],
)
def test_telephones_are_told_apart_by_use_then_rank_then_order(
    tmp_path: Path, phones: list[Any], lines: tuple[int | None, int | None]
):
    (row,) = load(tmp_path, bundle(plan(), team(telecom=phones), patient())).services
    numbers = tuple(line and f"0114 496 010{line}" for line in lines)
    assert (row.service.duty_line, row.service.out_of_hours_line) == numbers


def test_a_telephone_that_cannot_be_one_is_left_out_with_a_warning(tmp_path: Path):
    batch = load(
        tmp_path, bundle(plan(), team(telecom=[phone("ring the office", "work")]), patient())
    )
    ((column, sentence),) = said(batch.warnings)
    assert (column, "is not a UK telephone number" in sentence) == ("telecom", True)
    assert len(batch.involvements) == 1


@pytest.mark.parametrize(
    ("more", "start", "end", "exact"),
    [
        ({"period": {"start": "2026-03-04", "end": "2026-05-06"}}, (3, 4), (5, 6), True),
        ({"period": {"start": "2026-03-04", "end": "9999-12-31"}}, (3, 4), None, True),
        ({"period": {"start": "1900-01-01"}}, None, None, True),
        ({"period": {"start": "2026-03-04", "end": "2026-05"}}, (3, 4), (5, 31), False),
        ({"period": {}}, (3, 4), None, True),
        (
            {"status": "completed", "meta": {"lastUpdated": "2026-06-07T08:00:00Z"}},
            (3, 4),
            (6, 7),
            False,
        ),
    ],
)
def test_periods(tmp_path: Path, more: Any, start: Any, end: Any, exact: bool):
    (tie,) = load(tmp_path, usual(**more)).involvements
    assert tie.period.from_ == (date(2026, *start) if start else None)
    assert tie.period.to == (date(2026, *end) if end else None)
    assert tie.period.to_exact is exact


def test_a_flag_that_is_over_ends_its_plan(tmp_path: Path):
    over = flag(status="inactive", meta={"lastUpdated": "2026-06-07T23:30:00Z"})
    (tie,) = load(tmp_path, bundle(over, plan(), team(), patient())).involvements
    assert (tie.period.to, tie.period.to_exact) == (date(2026, 6, 8), False)


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"period": {"start": "04/03/2026"}}, ("period.start", "is not a date, as 2026-03-04")),
        ({"period": {"end": "2026-02-30"}}, ("period.end", "is not a date, as 2026-03-04")),
        ({"period": {"start": "2026-03-04", "end": "2026-03-03"}}, ("period.end", "is before the start")),
        ({"status": "revoked"}, ("period.end", "is missing, and the plan is said to be over")),
        ({"category": [coded("999")]}, ("category", "is none of the three kinds of plan of CP-IS")),
    ],
)  # fmt: skip
def test_what_refuses_a_plan(tmp_path: Path, more: Any, fault: tuple[str, str]):
    assert refused(load(tmp_path, usual(**more))) == fault


@pytest.mark.parametrize(
    ("more", "warning"),
    [
        ({"status": "entered-in-error"}, "was entered in error, and is left out"),
        ({"status": "draft"}, "is not in force yet, and is left out"),
    ],
)
def test_what_was_never_in_force_is_left_out_with_a_warning(
    tmp_path: Path, more: Any, warning: str
):
    batch = load(tmp_path, usual(**more))
    assert (batch.involvements, batch.children, batch.faults) == ([], [], [])
    assert said(batch.warnings) == [("status", warning)]


@pytest.mark.parametrize(
    ("more", "column"),
    [
        ({"period": {"start": "2026-03"}}, "period.start"),
        ({"period": {"start": "2026-12-01"}}, "period.start"),
    ],
)
def test_an_odd_start_is_taken_with_a_warning(tmp_path: Path, more: Any, column: str):
    batch = load(tmp_path, usual(**more))
    assert len(batch.involvements) == 1
    assert [one for one, _ in said(batch.warnings)] == [column]


def test_other_flags_plans_and_codes_are_counted_and_not_read(tmp_path: Path):
    other = flag(
        "F2", code=coded("ZZCONTENT", "https://fhir.nhs.uk/CodeSystem/safeguarding-codes-bars")
    )
    batch = load(
        tmp_path, bundle(flag(), plan(), plan("ZZCONTENT", "C2"), other, team(), patient())
    )
    assert len(batch.involvements) == 1
    (warning,) = batch.warnings
    assert warning.sentence == "flags, plans and teams that are not of CP-IS were not read: 2"


def test_the_same_plan_twice_is_one_and_the_later_is_taken(tmp_path: Path):
    old = usual(meta={"lastUpdated": "2026-03-04T09:00:00Z"})
    new = usual(
        meta={"lastUpdated": "2026-05-04T09:00:00Z"},
        period={"start": "2026-03-04", "end": "2026-05-04"},
    )
    for both in ((old, new), (new, old)):
        batch = load(tmp_path, *both)
        assert [tie.period.to for tie in batch.involvements] == [date(2026, 5, 4)]
        assert [column for column, _ in said(batch.warnings)] == ["period"]
    assert not load(tmp_path, old, old).warnings


def test_two_sets_of_telephones_of_one_authority_are_a_warning(tmp_path: Path):
    other = team(telecom=[phone("0114 496 0109", "work")])
    child = patient(TWO)
    batch = load(tmp_path, usual(), bundle(plan(), other, child))
    assert [row.service.duty_line for row in batch.services] == ["0114 496 0101"]
    assert [column for column, _ in said(batch.warnings)] == ["telecom"]
