"""CP-IS on its way into the graph, and its rejects on their way back."""

import json
import stat
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph import Agency, FindChild, Graph, LawfulBasis, LoadReport, Source
from loaders import cpis
from tests.test_cpis import (
    LOOKED_AFTER,
    NHS,
    ONE,
    TODAY,
    TWO,
    bundle,
    coded,
    flag,
    patient,
    plan,
    said,
    team,
    usual,
    written,
)
from tests.test_cpis_files import SAMPLE
from tests.world import NURSE, STEWARD

EDGES = """MATCH (service:Service)-[edge:INVOLVED_WITH]->(child:Child)
WHERE edge.retracted_at IS NULL
RETURN service.id AS service, edge.kind AS kind, toString(edge.from) AS since,
       toString(edge.to) AS until, edge.to_exact AS exact
ORDER BY kind, until"""
MARKER = "ZZCONTENT"
XML = """<Bundle xmlns="http://hl7.org/fhir"><type value="collection"/>
<meta><security><code value="R"/></security></meta>
<entry><fullUrl value="urn:uuid:f"/><resource><Flag><id value="F1"/>
  <extension url="http://hl7.org/fhir/StructureDefinition/flag-detail"><valueReference>
    <reference value="urn:uuid:c"/></valueReference></extension>
  <extension url="https://fhir.nhs.uk/England/StructureDefinition/Extension-FlagNotes">
    <valueAnnotation><text value="ZZCONTENT"/></valueAnnotation></extension>
  <status value="active"/>
  <code><coding><code value="child-protection-information-system-flag"/></coding></code>
  <subject><reference value="urn:uuid:p"/></subject></Flag></resource></entry>
<entry><fullUrl value="urn:uuid:c"/><resource><CarePlan><status value="active"/>
  <category><coding><code value="764841000000100"/><display value="ZZCONTENT"/></coding></category>
  <subject><reference value="urn:uuid:p"/></subject><period><start value="2026-02-30"/></period>
  <careTeam><reference value="urn:uuid:t"/></careTeam></CarePlan></resource></entry>
<entry><fullUrl value="urn:uuid:t"/><resource><CareTeam><name value="SFD1 - SHEFFIELD CITY COUNCIL"/>
  <telecom><value value="0114 496 0101"/><use value="work"/></telecom></CareTeam></resource></entry>
<entry><fullUrl value="urn:uuid:p"/><resource><Patient><id value="P1"/><identifier>
  <system value="https://fhir.nhs.uk/Id/nhs-number"/><value value="9990000026"/></identifier>
  <address><line value="ZZCONTENT"/></address></Patient></resource></entry>
</Bundle>"""


@pytest.fixture
def national(graph: Graph) -> Graph:
    """The graph, with one source that is not of one authority."""
    source = Source(
        id="cpis", name="CP-IS", agency=Agency.SOCIAL_CARE, basis=LawfulBasis.LEGAL_OBLIGATION
    )
    graph.load(STEWARD, source)
    return graph


def loaded(graph: Graph, path: Path, extracted: date = TODAY, **more: bool) -> LoadReport:
    return graph.load(STEWARD, cpis.read(path, "cpis", extracted), **more)


def counts(report: LoadReport) -> tuple[int, ...]:
    return report.new, report.changed, report.unchanged, report.ended, report.rejected


def test_bundles_become_these_nodes_and_edges(national: Graph, bare: Any, tmp_path: Path):
    leeds = team("LEEDS CITY COUNCIL", telecom=[])
    period = {"start": "2025-01-02", "end": "2026-01-01"}
    path = written(
        tmp_path / "b.ndjson",
        usual(),
        bundle(plan(LOOKED_AFTER, period=period), leeds, patient(TWO, birthDate="2012-02-29")),
    )
    assert counts(loaded(national, path)) == (6, 0, 0, 0, 0)
    assert [tuple(edge.values()) for edge in bare(EDGES)] == [
        ("cpis:childrens-social-care-373", "child protection plan", "2026-03-04", None, True),
        ("cpis:childrens-social-care-383", "looked after", "2025-01-02", "2026-01-01", True),
    ]
    assert bare(
        "MATCH (s:Service)-[:IN_AREA]->(a) RETURN s.name AS name, s.agency AS agency,"
        " s.duty_line AS duty, s.out_of_hours_line AS night, a.number AS area ORDER BY area"
    ) == [
        {
            "name": "Children's social care",
            "agency": "social care",
            "duty": "0114 496 0101",
            "night": "0114 496 0102",
            "area": "373",
        },
        {
            "name": "Children's social care",
            "agency": "social care",
            "duty": None,
            "night": None,
            "area": "383",
        },
    ]
    assert bare("MATCH (c:Child) RETURN count(c) AS n") == [{"n": 2}]
    assert len(national.ask(NURSE, FindChild(nhs_number=ONE)).children) == 1


def test_the_same_again_in_another_order_changes_nothing(national: Graph, tmp_path: Path):
    other = bundle(plan(LOOKED_AFTER), team(), patient(TWO))
    first = loaded(national, written(tmp_path / "a.ndjson", usual(), other))
    turned = usual()
    turned["entry"].reverse()
    again = loaded(national, written(tmp_path / "b.ndjson", other, turned))
    assert counts(again) == (0, 0, first.read, 0, 0)


def test_what_is_missing_from_a_folder_has_ended_and_its_service_has_not(
    national: Graph, bare: Any, tmp_path: Path
):
    written(tmp_path / "one" / "a.json", usual())
    leeds = team("LEEDS CITY COUNCIL")
    written(tmp_path / "one" / "b.json", bundle(plan(LOOKED_AFTER), leeds, patient(TWO)))
    loaded(national, tmp_path / "one", date(2026, 11, 13))
    written(tmp_path / "two" / "a.json", usual())
    report = loaded(national, tmp_path / "two", accept_drop=True)
    assert counts(report) == (0, 0, 3, 1, 0)
    assert [edge["until"] for edge in bare(EDGES)] == [None, "2026-11-20"]
    areas = "MATCH (:Service)-[r:IN_AREA]->() WHERE r.to IS NULL RETURN count(r) AS n"
    assert bare(areas) == [{"n": 2}]


def test_one_bundle_alone_ends_nothing(national: Graph, tmp_path: Path):
    loaded(national, written(tmp_path / "a.json", usual()))
    other = bundle(plan(LOOKED_AFTER), team(), patient(TWO))
    assert loaded(national, written(tmp_path / "b.json", other)).ended == 0


def test_an_orphan_in_a_folder_holds_every_ending_back(national: Graph, tmp_path: Path):
    written(tmp_path / "one" / "a.json", usual())
    written(tmp_path / "one" / "b.json", bundle(plan(LOOKED_AFTER), team(), patient(TWO)))
    loaded(national, tmp_path / "one", date(2026, 11, 13))
    written(tmp_path / "two" / "a.json", bundle(flag(), team()))
    written(tmp_path / "two" / "c.json", usual())
    report = loaded(national, tmp_path / "two")
    assert (report.ended, report.rejected) == (0, 1)


def test_a_restricted_child_is_shielded_and_stays_so(national: Graph, bare: Any, tmp_path: Path):
    restricted = bundle(plan(), team(), patient(meta={"security": [{"code": "R"}]}))
    loaded(national, written(tmp_path / "a.json", restricted))
    loaded(national, written(tmp_path / "b.json", usual()))
    assert bare("MATCH (c:Child) RETURN c.shielded AS shielded") == [{"shielded": True}]


def test_a_refused_plan_that_restricts_hides_a_child_who_is_known(
    national: Graph, bare: Any, tmp_path: Path
):
    loaded(national, written(tmp_path / "a.json", usual()))
    restricted = usual(period={"start": "x"}, meta={"security": [{"code": "R"}]})
    report = loaded(national, written(tmp_path / "b.json", restricted))
    assert report.rejected == 1
    assert bare("MATCH (c:Child) RETURN c.shielded AS shielded") == [{"shielded": True}]


def test_content_about_the_child_is_nowhere_in_the_store(
    national: Graph, bare: Any, tmp_path: Path
):
    content = {"text": MARKER, "description": MARKER, "title": MARKER, "language": MARKER}
    notes = {
        "note": [{"text": MARKER}],
        "addresses": [{"display": MARKER}],
        "activity": [{"detail": {"code": coded(MARKER), "description": MARKER}}],
        "reasonCode": [coded(MARKER)],
        "participant": [{"member": {"display": MARKER}}],
        "contained": [{"resourceType": "Provenance", "id": "a", "agent": [{"who": MARKER}]}],
        "extension": [
            {"url": "https://fhir.nhs.uk/Extension-FlagRemovalReason", "valueString": MARKER},
            {"url": "https://fhir.nhs.uk/x-detail", "valueCodeableConcept": coded(MARKER)},
        ],
    }
    about = {
        "address": [{"line": [MARKER], "postalCode": "LS1 4AP"}],
        "telecom": [phone_of(MARKER)],
        "contact": [{"name": {"text": MARKER}}],
        "generalPractitioner": [{"display": MARKER}],
        "communication": [{"language": coded(MARKER)}],
        "extension": [
            {"url": "https://example.org/ethnicity", "valueCodeableConcept": coded(MARKER)}
        ],
        "maritalStatus": coded(MARKER),
        "photo": [{"title": MARKER}],
    }
    condition = {"resourceType": "Condition", "id": "X", "code": coded(MARKER), **notes}
    observation = {"resourceType": "Observation", "id": "Y", "valueString": MARKER}
    more = {key: value for key, value in notes.items() if key != "extension"}
    path = written(
        tmp_path / "b.json",
        bundle(
            flag(code={**coded("child-protection-information-system-flag"), **content}, **more),
            plan(**content, **notes),
            team(**content, **notes),
            patient(**content, **about),
            condition,
            observation,
            flag("F2", code=coded(MARKER), **notes),
        ),
    )
    report = loaded(national, path)
    assert (report.new, report.rejected) == (3, 0)
    everything = bare(
        "MATCH (n) RETURN properties(n) AS said UNION ALL MATCH ()-[r]->() RETURN properties(r) AS said"
    )
    assert len(bare(EDGES)) == 1
    assert MARKER not in str(everything)
    assert "LS1" not in str(everything)
    assert MARKER not in " ".join(map(str, (*report.faults, *report.warnings)))


def phone_of(value: str) -> dict[str, str]:
    return {"system": "phone", "value": value}


def test_rejects_in_json_hold_what_is_read_and_load_after_repair(
    national: Graph, bare: Any, tmp_path: Path
):
    notes = {"address": [{"line": [MARKER]}], "extension": [{"url": "x", "valueString": MARKER}]}
    bad = bundle(
        flag(),
        plan(period={"start": "2026-02-30"}, note=[{"text": MARKER}]),
        team(note=[{"text": MARKER}]),
        patient(**notes),
        {"resourceType": "Condition", "code": coded(MARKER)},
    )
    good = bundle(plan(LOOKED_AFTER), team(), patient(TWO))
    path = written(tmp_path / "in.ndjson", good, bad)
    batch = cpis.read(path, "cpis", TODAY)
    out = cpis.reject(path, batch.faults, tmp_path / "out")
    assert out == tmp_path / "out" / "in.ndjson"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    text = out.read_text()
    assert MARKER not in text
    assert TWO not in text
    kinds = [
        (entry["resource"]["resourceType"], entry.get("reason"))
        for entry in json.loads(text)["entry"]
    ]
    assert kinds == [
        ("CarePlan", "period.start: is not a date, as 2026-03-04"),
        ("Flag", None),
        ("CareTeam", None),
        ("Patient", None),
    ]
    folder = tmp_path / "back"
    folder.mkdir()
    (folder / "a.json").write_text(text.replace("2026-02-30", "2026-02-28"))
    assert not cpis.read(folder, "cpis", TODAY).full
    assert counts(loaded(national, folder)) == (3, 0, 0, 0, 0)
    assert [edge["since"] for edge in bare(EDGES)] == ["2026-02-28"]


def test_rejects_in_xml_keep_the_restriction_and_load_after_repair(tmp_path: Path):
    path = tmp_path / "in.xml"
    path.write_text(XML)
    batch = cpis.read(path, "cpis", TODAY)
    assert said(batch.faults) == [("period.start", "is not a date, as 2026-03-04")]
    out = cpis.reject(path, batch.faults, tmp_path / "out")
    assert out is not None
    text = out.read_text()
    assert "<!-- period.start: is not a date, as 2026-03-04 -->" in text
    assert MARKER not in text
    again = tmp_path / "again.xml"
    again.write_text(text.replace("2026-02-30", "2026-02-28"))
    batch = cpis.read(again, "cpis", TODAY)
    assert not batch.faults
    assert [(child.record, child.shielded) for child in batch.children] == [(TWO, True)]
    assert cpis.knows(again) is not None


def test_rejects_of_a_folder_are_a_folder_and_those_not_repaired_come_again(tmp_path: Path):
    written(tmp_path / "in" / "deep" / "a.json", bundle(flag(), team()))
    written(tmp_path / "in" / "b.json", usual())
    batch = cpis.read(tmp_path / "in", "cpis", TODAY)
    out = cpis.reject(tmp_path / "in", batch.faults, tmp_path / "out")
    assert out == tmp_path / "out"
    assert [str(one.relative_to(out)) for one in out.rglob("*.json")] == ["deep/a.json"]
    again = cpis.read(out, "cpis", TODAY)
    assert said(again.faults) == said(batch.faults)
    assert cpis.reject(tmp_path / "in", (), tmp_path / "none") is None
    assert not (tmp_path / "none").exists()


@pytest.mark.skipif(not SAMPLE.exists(), reason="the samples are not here")
def test_the_sample_folder_loads_twice_and_the_second_changes_nothing(national: Graph):
    first, second = loaded(national, SAMPLE), loaded(national, SAMPLE)
    # One service; the plan stands four times and waits each time for its patient.
    assert counts(first) == (1, 0, 0, 0, 4)
    assert counts(second) == (0, 0, 1, 0, 4)
    assert NHS not in str(first)
