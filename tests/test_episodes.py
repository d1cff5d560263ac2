"""Service episodes in JSON, as the SocialCareData standards and their users write them."""

import json
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph import (
    Agency,
    Batch,
    ChangeReason,
    Consent,
    InvolvementKind,
    Part,
)
from loaders import episodes
from tests.world import CHIDI, whole

TODAY = date(2026, 11, 20)
CONTEXT = "https://github.com/SocialCareData/ontology/releases/latest/download/context.jsonld"
NHS = "https://fhir.nhs.uk/Id/nhs-number"
Node = dict[str, Any]


def ref(value: Any, system: str = "service") -> Node:
    """An identifier, of a system at example.org unless a whole one is said."""
    known = system if ":" in system else f"https://example.org/Id/{system}"
    return {"@type": "Identifier", "value": value, "system": known}


def organisation(**more: Any) -> Node:
    return {
        "@type": "Organisation",
        "identifier": [ref("07654321", "company-number")],
        "name": "Leeds City Council",
        "type": ["local-authority"],
        "contact": [{"@type": "Contact"}],
        "relatedService": [ref("SVC-1")],
    } | more


def service(**more: Any) -> Node:
    return {
        "@type": "Service",
        "identifier": [ref("SVC-1")],
        "name": "Children's Social Care - Referral & Assessment",
        "type": ["social-worker-support"],
        "contact": [{"@type": "Contact", "name": "Duty Desk", "telephone": ["0113 496 0101"]}],
        "costFrequency": "none",
    } | more


def professional(**more: Any) -> Node:
    return {
        "@type": "Professional",
        "identifier": [ref("SW1234567", "registration")],
        "name": {"@type": "Name", "familyName": ["Yusuf"], "givenName": ["Amina", "Zeynep"]},
        "role": ["Social Worker", "Team Lead - Referral & Assessment"],
        "contact": {"email": ["amina.yusuf@example.org"], "telephone": ["(0113) 496-0107"]},
        "relatedService": [ref("SVC-1")],
    } | more


def person(**more: Any) -> Node:
    return {
        "@type": "Person",
        "identifier": [ref("999 000 0018", NHS), ref("LA-7", "local-authority-id")],
        "name": [{"familyName": ["Okafor"], "givenName": ["Chidi", "John"], "use": "official"}],
        "dateOfBirth": {"@type": "PartialDate", "date": "2015-06-09", "accuracyIndicator": "AAA"},
        "genderCode": "1",
        "address": [{"line1": "1 High Street", "postcode": "LS1 4AP", "use": "home"}],
    } | more


def episode(**more: Any) -> Node:
    return {
        "@type": "ServiceEpisode",
        "identifier": [ref("EP-1", "episode")],
        "type": ["plan.cin-plan"],
        "subjectPerson": [{"person": ref(CHIDI, NHS), "involvement": "SBJ"}],
        "relatedProfessional": [
            {"professional": ref("SW1234567", "registration"), "involvement": "PPRF"}
        ],
        "relatedService": [ref("SVC-1")],
        "timeInformation": [{"@type": "Timing", "startDateTime": "2026-05-01T09:30:00Z"}],
        "location": ["Anytown Family Centre"],
    } | more


def graph_of(*nodes: Any) -> Node:
    return {"@context": CONTEXT, "@graph": list(nodes)}


def write(path: Path, said: Any) -> Path:
    path.write_text(said if isinstance(said, str) else json.dumps(said, indent=1))
    return path


def load(tmp_path: Path, *nodes: Any) -> Batch:
    """The batch of a file that holds these objects."""
    return whole(episodes.read(write(tmp_path / "a.json", graph_of(*nodes)), "leeds", TODAY))


def usual(**more: Any) -> list[Node]:
    """An organisation, a service, a professional, a child, and an episode with changes."""
    return [organisation(), service(), professional(), person(), episode(**more)]


def said(batch: Batch) -> list[tuple[str, str]]:
    return [(fault.column, fault.sentence) for fault in batch.faults]


def test_an_episode_is_an_involvement_and_an_allocation(tmp_path: Path):
    batch = load(tmp_path, *usual())
    assert not batch.faults
    assert not batch.warnings
    (tie,), (work,) = batch.involvements, batch.allocations
    assert (tie.child, tie.service, tie.kind) == ("LA-7", "SVC-1", InvolvementKind.CHILD_IN_NEED)
    assert (tie.period.from_, tie.period.to) == (date(2026, 5, 1), None)
    assert tie.record.startswith("EP-1/")
    lines = (tmp_path / "a.json").read_text().splitlines()
    assert tie.file == "a.json/object 5"
    assert lines[tie.line - 1 : tie.line + 1] == ["  {", '   "@type": "ServiceEpisode",']
    assert (work.child, work.practitioner, work.service) == ("LA-7", "SW1234567", "SVC-1")
    assert (work.part, work.period.from_) == (Part.ALLOCATED_WORKER, None)
    assert (batch.feed, batch.full) == ("episodes", True)
    assert set(batch.tables) == {
        "services", "practitioners", "children", "involvements", "allocations",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("involvement", "part"),
    [("PPRF", Part.ALLOCATED_WORKER), ("SPRF", Part.CO_WORKER), ("REFB", None), ("WIT", None)],
)
def test_what_a_professional_is_to_the_child(tmp_path: Path, involvement: str, part: Part | None):
    named = [{"professional": ref("SW1234567", "registration"), "involvement": involvement}]
    batch = load(tmp_path, *usual(relatedProfessional=named))
    assert [tie.part for tie in batch.allocations] == ([part] if part else [])


def test_parts_times_and_reasons_of_our_own(tmp_path: Path):
    named = {
        "professional": ref("SW1234567", "registration"),
        "involvement": "PPRF",
        "signpost:part": "lead professional",
        "signpost:startDate": "2026-05-01",
        "signpost:endDate": "2026-06-01",
        "signpost:endExact": False,
        "signpost:changeReason": "LEFTRL",
    }
    (tie,) = load(tmp_path, *usual(relatedProfessional=[named])).allocations
    assert (tie.part, tie.change_reason) == (Part.LEAD_PROFESSIONAL, ChangeReason.LEFTRL)
    assert tie.period.model_dump() == {
        "from_": date(2026, 5, 1), "to": date(2026, 6, 1), "to_exact": False,
    }  # fmt: skip


def test_an_allocation_ends_with_its_episode_at_the_latest(tmp_path: Path):
    when = [{"startDateTime": "2026-05-01", "endDateTime": "2026-06-01T10:00:00"}]
    (tie,) = load(tmp_path, *usual(timeInformation=when)).allocations
    assert tie.period.model_dump() == {
        "from_": None, "to": date(2026, 6, 1), "to_exact": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        (["cin-plan"], InvolvementKind.CHILD_IN_NEED),
        (["plan.cp-plan"], InvolvementKind.CHILD_PROTECTION),
        (["epc:CpPlan", "assessment"], InvolvementKind.CHILD_PROTECTION),
        ("https://ns.socialcaredata.io/episode-code#Section47", InvolvementKind.ENQUIRY),
        (["assessment.early-help"], InvolvementKind.EARLY_HELP),
        (["care-leaver"], InvolvementKind.CARE_LEAVER),
        (["plan.child-looked-after"], InvolvementKind.LOOKED_AFTER),
        (["assessment.other-assessment"], InvolvementKind.ASSESSMENT),
        (["plan.CAMHS-plan"], None),
        (["provision.direct-provision"], None),
        (["provision.admin", "plan.cin-plan"], InvolvementKind.CHILD_IN_NEED),
        ([], None),
    ],
)
def test_types_become_kinds(tmp_path: Path, types: Any, kind: InvolvementKind | None):
    (tie,) = load(tmp_path, *usual(type=types)).involvements
    assert tie.kind == kind


def test_kind_and_consent_of_our_own(tmp_path: Path):
    own = {"signpost:kind": "referral", "signpost:consent": "given"}
    (tie,) = load(tmp_path, *usual(**own)).involvements
    assert (tie.kind, tie.consent) == (InvolvementKind.REFERRAL, Consent.GIVEN)
    terms = {"signpost:consentUntil": "2027-03-31", "signpost:consentFor": ["health"]}
    (tie,) = load(tmp_path, *usual(**own, **terms)).involvements
    assert (tie.consent_until, tie.consent_for) == (date(2027, 3, 31), (Agency.HEALTH,))


@pytest.mark.parametrize(
    ("timings", "start", "end"),
    [
        ([{"startDateTime": "2026-05-01T23:30:00Z"}], date(2026, 5, 2), None),
        ([{"startDateTime": "2026-05-01T23:30:00"}], date(2026, 5, 1), None),
        ([{"startDateTime": "2026-05-02T00:30:00+02:00"}], date(2026, 5, 1), None),
        ([{"startDateTime": "2026-05-01"}], date(2026, 5, 1), None),
        ([{"startDateTime": "1900-01-01T00:00:00"}], None, None),
        ([{"startDateTime": "2026-05-01", "endDateTime": "9999-12-31T00:00:00Z"}],
         date(2026, 5, 1), None),
        ([{}], None, None),
        ([{"startDateTime": "2026-05-01", "endDateTime": "2026-05-01T11:00:00Z"},
          {"startDateTime": "2026-04-01", "endDateTime": "2026-06-01"}],
         date(2026, 4, 1), date(2026, 6, 1)),
        ([{"startDateTime": "2026-05-01", "endDateTime": "2026-05-02"},
          {"startDateTime": "2026-04-01"}], date(2026, 4, 1), None),
        ({"startDateTime": "2026-05-01"}, date(2026, 5, 1), None),
    ],
)  # fmt: skip
def test_times_are_days_in_london(
    tmp_path: Path, timings: Any, start: date | None, end: date | None
):
    (tie,) = load(tmp_path, *usual(timeInformation=timings)).involvements
    assert (tie.period.from_, tie.period.to) == (start, end)


def test_children_and_services_of_one_episode_are_ties_of_their_own(tmp_path: Path):
    sister = person(identifier=[ref("LA-8", "local-authority-id")], name=[])
    hub = service(identifier=[ref("SVC-2")], name="Family Hub")
    about = [*episode()["subjectPerson"], {"person": ref("LA-8", "local-authority-id")}]
    both = [ref("SVC-2"), ref("SVC-1")]
    nodes = [*usual()[:4], sister, hub]
    batch = load(tmp_path, *nodes, episode(subjectPerson=about, relatedService=both))
    ties = {(tie.child, tie.service): tie.record for tie in batch.involvements}
    assert len(set(ties.values())) == 4
    assert {(tie.child, tie.service) for tie in batch.allocations} == {
        ("LA-7", "SVC-1"), ("LA-8", "SVC-1"),
    }  # fmt: skip
    turned = episode(subjectPerson=about[::-1], relatedService=both[::-1])
    again = load(tmp_path, turned, *nodes[::-1])
    assert {(tie.child, tie.service): tie.record for tie in again.involvements} == ties


def test_events_are_not_loaded(tmp_path: Path):
    event = {
        "@type": "LifeEvent",
        "identifier": [ref("LE-1", "life-event")],
        "type": ["missing-person"],
        "subjectPerson": [{"person": ref("9990000034", NHS), "involvement": "SBJ"}],
    }
    batch = load(tmp_path, *usual(), event)
    assert len(batch.children) == 1
    assert not [*batch.faults, *batch.warnings]


def test_what_is_described_twice_alike_is_one(tmp_path: Path):
    nodes = usual()
    batch = load(tmp_path, *nodes[:4], *deepcopy(nodes[:4]), nodes[4])
    assert [len(getattr(batch, table)) for table in batch.tables] == [1, 1, 1, 1, 1]


@pytest.mark.parametrize(
    "form",
    [
        lambda nodes: nodes,
        lambda nodes: {"@graph": nodes},
        lambda nodes: json.dumps(graph_of(*nodes)),
        lambda nodes: "\ufeff" + json.dumps(graph_of(*nodes)),
        lambda nodes: json.dumps(graph_of(*nodes)).replace("Anytown", "Any\ttown\x01"),
    ],
)
def test_forms_of_a_file(tmp_path: Path, form: Any):
    path = write(tmp_path / "a.json", form(usual()))
    assert episodes.knows(path)
    batch = whole(episodes.read(path, "leeds", TODAY))
    assert [len(getattr(batch, table)) for table in batch.tables] == [1, 1, 1, 1, 1]


def test_the_example_of_the_docs_is_a_file(tmp_path: Path):
    page = (Path(__file__).parents[1] / "docs" / "episodes.md").read_text()
    example = page.partition("```json")[2].partition("```")[0]
    batch = whole(episodes.read(write(tmp_path / "a.json", example), "leeds", TODAY))
    assert [len(getattr(batch, table)) for table in batch.tables] == [1, 1, 1, 1, 1]
    assert not [*batch.faults, *batch.warnings]


def test_one_object_alone_is_a_file(tmp_path: Path):
    path = write(tmp_path / "a.json", {"@context": "x", **episode()})
    assert len(whole(episodes.read(path, "leeds", TODAY)).involvements) == 1


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", '{"resourceType": "Bundle"}', '{"services": []}', '"@type": "ServiceEpisode"',
     '{"@graph": [{"@type": "Placement"}]}'],
)  # fmt: skip
def test_other_files_are_not_known(tmp_path: Path, text: str):
    assert episodes.knows(write(tmp_path / "episodes.json", text)) is None
    assert episodes.knows(tmp_path) is None
    assert episodes.knows(tmp_path / "absent.json") is None
