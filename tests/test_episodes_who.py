"""Services, professionals and children of a file of episodes."""

from datetime import date
from pathlib import Path

import pytest

from graph import Agency, Profession, ServiceKind, Sex
from tests.test_episodes import (
    Node,
    episode,
    load,
    organisation,
    person,
    professional,
    ref,
    service,
    usual,
)
from tests.world import CHIDI


def test_a_service_stands_in_the_area_of_its_organisation(tmp_path: Path):
    (row,) = load(tmp_path, *usual()).services
    assert (row.record, row.authority) == ("SVC-1/383", "383")
    assert row.service.model_dump(exclude_defaults=True) == {
        "id": "SVC-1",
        "name": "Children's Social Care - Referral & Assessment",
        "kind": ServiceKind.ASSESSMENT,
        "agency": Agency.SOCIAL_CARE,
        "duty_line": "0113 496 0101",
    }


def test_without_an_organisation_it_is_the_sources_own_area(tmp_path: Path):
    (row,) = load(tmp_path, service(), person(), episode(relatedProfessional=[])).services
    assert (row.record, row.authority) == ("SVC-1/", None)


def test_an_organisation_may_be_named_by_the_service(tmp_path: Path):
    council = organisation(name="Hull", relatedService=[])
    named = service(relatedOrganisation=[ref("07654321", "some-other-system")])
    (row,) = load(tmp_path, council, named, person(), episode(relatedProfessional=[])).services
    assert row.authority == "810"


@pytest.mark.parametrize(
    ("more", "kind", "agency"),
    [
        ({"type": ["CAMHS"]}, ServiceKind.MENTAL_HEALTH, Agency.HEALTH),
        ({"type": ["SEN-high-school"]}, ServiceKind.SCHOOL, Agency.EDUCATION),
        ({"type": "svc:YouthOffending"}, ServiceKind.YOUTH_JUSTICE, Agency.YOUTH_JUSTICE),
        ({"type": ["social-care"], "name": "CAMHS"}, ServiceKind.MENTAL_HEALTH, Agency.SOCIAL_CARE),
        (
            {"signpost:kind": "front door", "signpost:agency": "police"},
            ServiceKind.FRONT_DOOR,
            Agency.POLICE,
        ),
    ],
)
def test_kinds_and_agencies(tmp_path: Path, more: Node, kind: ServiceKind, agency: Agency):
    (row,) = load(tmp_path, service(**more)).services
    assert (row.service.kind, row.service.agency) == (kind, agency)
    assert row.service.sensitive == (kind is ServiceKind.MENTAL_HEALTH)


def test_a_trust_and_a_force_say_the_agency(tmp_path: Path):
    for code, agency in (("nhs-trust", Agency.HEALTH), ("police-force", Agency.POLICE)):
        (row,) = load(tmp_path, organisation(type=[code]), service(type=["other"])).services
        assert (row.service.agency, row.authority) == (agency, None)


def test_two_lines_by_the_names_of_the_contacts(tmp_path: Path):
    contacts = [
        {"name": "Out of hours", "telephone": ["0113 496 0102"]},
        {"name": "Duty", "telephone": ["0113.496.0101", "0113 496 0103"]},
    ]
    (row,) = load(tmp_path, service(contact=contacts, **{"signpost:hours": "24/7"})).services
    assert (row.service.duty_line, row.service.out_of_hours_line) == (
        "0113 496 0101", "0113 496 0102",
    )  # fmt: skip
    assert row.service.hours == "24/7"


def test_a_professional_has_a_post_at_each_service(tmp_path: Path):
    other = service(identifier=[ref("SVC-2")], name="Family Hub")
    worker = professional(relatedService=[ref("SVC-1"), ref("SVC-2")])
    batch = load(tmp_path, service(), other, worker)
    assert [row.record for row in batch.practitioners] == ["SW1234567/SVC-1", "SW1234567/SVC-2"]
    assert batch.practitioners[0].practitioner.model_dump(exclude_defaults=True) == {
        "id": "SW1234567",
        "name": "Amina Zeynep Yusuf",
        "profession": Profession.SOCIAL_WORKER,
        "registration": "SW1234567",
        "work_phone": "0113 496 0107",
        "work_email": "amina.yusuf@example.org",
    }


def test_whoever_is_named_for_a_child_has_a_post_there(tmp_path: Path):
    numbers = [ref("SW1234567", "registration"), ref("P-1", "professional")]
    batch = load(
        tmp_path,
        service(),
        professional(identifier=numbers, relatedService=[]),
        person(),
        episode(),
    )
    assert [row.record for row in batch.practitioners] == ["P-1/SVC-1"]
    assert batch.practitioners[0].practitioner.registration == "SW1234567"
    assert batch.allocations[0].practitioner == "P-1"


def test_a_child_is_named_by_the_sources_own_id_and_known_by_identity(tmp_path: Path):
    (row,) = load(tmp_path, *usual()).children
    assert row.record == "LA-7"
    assert row.identity.model_dump(exclude_defaults=True) == {
        "nhs_number": CHIDI,
        "family_name": "Okafor",
        "given_name": "Chidi John",
        "birth_date": date(2015, 6, 9),
        "sex": Sex.MALE,
        "postcode": "LS1 4AP",
    }


def test_old_names_and_numbers_are_former_ones(tmp_path: Path):
    names = [
        {"familyName": ["Eze"], "givenName": ["Chidi"], "use": "old"},
        {"familyName": ["Okafor", "Obi"], "givenName": ["Chidi"], "use": "usual"},
    ]
    upn = "https://example.org/Id/upn"
    numbers = [ref("LA-7", "local"), ref("H801200001001", upn)]
    identity = (
        load(tmp_path, *usual()[:3], person(name=names, identifier=numbers),
             episode(subjectPerson=[{"person": ref("LA-7", "local")}]))
        .children[0]
        .identity
    )  # fmt: skip
    assert (identity.family_name, identity.former_names) == ("Okafor Obi", ("Eze",))
    assert identity.upn == "H801200001001"


def test_a_child_named_by_number_alone_is_a_child(tmp_path: Path):
    (row,) = load(tmp_path, service(), episode(relatedProfessional=[])).children
    assert (row.record, row.identity.nhs_number) == (CHIDI, CHIDI)
    assert row.identity.family_name is None


def test_whom_no_episode_is_about_is_left_alone(tmp_path: Path):
    """A parent, a child with contacts only, and whoever takes part without being the subject."""
    mother = person(identifier=[ref("LA-8", "local-authority-id")])
    met = person(identifier=[ref("LA-9", "local-authority-id")])
    taking_part = {"person": ref("LA-8", "local-authority-id"), "involvement": "IND"}
    met_once = episode(
        identifier=[ref("EP-2", "episode")],
        type=["provision.remote-contact", "provision.admin"],
        subjectPerson=[{"person": ref("LA-9", "local-authority-id"), "involvement": "SBJ"}],
    )
    subject = [*episode()["subjectPerson"], taking_part]
    batch = load(tmp_path, *usual(subjectPerson=subject), mother, met, met_once)
    assert [row.record for row in batch.children] == ["LA-7"]
    assert len(batch.involvements) == 1
    assert not batch.faults


def test_no_postcode_is_read_of_a_child_in_care_nor_of_another_address(tmp_path: Path):
    nodes = usual(type=["plan.child-looked-after"])
    assert load(tmp_path, *nodes).children[0].identity.postcode is None
    own = usual(type=["provision.miscellaneous"], **{"signpost:kind": "looked after"})
    assert load(tmp_path, *own).children[0].identity.postcode is None
    # An episode of care that is refused, too.
    refused = episode(type=["plan.child-looked-after"], identifier=[ref("EP-2", "episode")])
    refused["subjectPerson"] = [*refused["subjectPerson"], "LA-8"]
    batch = load(tmp_path, *usual(), refused)
    assert batch.faults
    assert batch.children[0].identity.postcode is None
    elsewhere = {"type": ["plan.child-looked-after"], "identifier": [ref("EP-2", "episode")]}
    for about in ("LA-7", ref("LA-7", "local-authority-id"), {"person": ref("LA-7", "another")}):
        batch = load(tmp_path, *usual(), episode(subjectPerson=[about], **elsewhere))
        assert batch.faults
        assert batch.children[0].identity.postcode is None
    untyped = {**episode(**elsewhere), "@type": []}
    assert load(tmp_path, *usual(), untyped).children[0].identity.postcode is None
    temporary = person(address=[{"postcode": "LS1 4AP", "use": "temp"}, {"postcode": "LS2 9JT"}])
    batch = load(tmp_path, *usual()[:3], temporary, episode())
    assert batch.children[0].identity.postcode is None


@pytest.mark.parametrize("indicator", ["AAU", "AEA", "UUU"])
def test_a_birth_that_is_not_wholly_known_is_not_taken(tmp_path: Path, indicator: str):
    born = {"date": "2015-06-01", "accuracyIndicator": indicator}
    batch = load(tmp_path, *usual()[:3], person(dateOfBirth=born), episode())
    assert batch.children[0].identity.birth_date is None
    assert [(one.column, one.sentence) for one in batch.warnings] == [
        ("dateOfBirth", "is not wholly known; it is taken without that")
    ]


def test_a_child_marked_as_shielded_is(tmp_path: Path):
    batch = load(tmp_path, *usual()[:3], person(**{"signpost:shielded": True}), episode())
    assert batch.children[0].shielded
    (alone,) = load(tmp_path, person(**{"signpost:shielded": True})).children
    assert (alone.record, alone.shielded) == ("LA-7", True)
