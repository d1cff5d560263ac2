"""NHS organisations on their way into the graph, and rejects on their way back."""

import csv
import json
import stat
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph import Agency, Graph, LawfulBasis, LoadReport, Source
from loaders import ods
from tests.test_ods import (
    SYSTEM,
    TODAY,
    line,
    organisation,
    organization,
    read,
    report,
    role,
    searchset,
    succession,
    written,
)
from tests.test_ods_files import SAMPLE
from tests.world import LEEDS, STEWARD

AREAS = """MATCH (s:Service)-[edge:IN_AREA]->(a) WHERE edge.retracted_at IS NULL
RETURN s.id AS id, s.code AS code, s.kind AS kind, s.sensitive AS sensitive, a.number AS area,
       toString(edge.from) AS since, toString(edge.to) AS until, edge.to_exact AS exact
ORDER BY id"""
SUCCEEDED = """MATCH (s:Service)-[edge:SUCCEEDED_BY]->(t:Service) WHERE edge.retracted_at IS NULL
RETURN s.id AS service, t.id AS successor, toString(edge.from) AS since"""
MARKER = "ZZCONTENT"


@pytest.fixture
def leeds(graph: Graph) -> Graph:
    """The graph, with one source: the organisations of one authority's area."""
    source = Source(
        id="ods",
        name="NHS organisations in Leeds",
        authority=LEEDS,
        agency=Agency.HEALTH,
        basis=LawfulBasis.PUBLIC_TASK,
    )
    graph.load(STEWARD, source)
    return graph


def loaded(graph: Graph, path: Path, extracted: date = TODAY, **more: bool) -> LoadReport:
    return graph.load(STEWARD, ods.read(path, "ods", extracted), **more)


def counts(made: LoadReport) -> tuple[int, ...]:
    return made.new, made.changed, made.unchanged, made.ended, made.rejected


def test_a_report_becomes_these_nodes_and_edges(leeds: Graph, bare: Any, tmp_path: Path):
    found = [
        line("A81001"),
        line("A81002", "SEXUAL HEALTH CLINIC", setting="8"),
        line("RWR", "THE TRUST", opened="20010401", closed="20260331", setting=""),
    ]
    made = loaded(leeds, report(tmp_path / "a.csv", *found))
    assert counts(made) == (3, 0, 0, 0, 0)
    assert [tuple(row.values()) for row in bare(AREAS)] == [
        ("ods:A81001", "ods:A81001", "community health", False, LEEDS, "1974-04-01", None, True),
        ("ods:A81002", "ods:A81002", "sexual health", True, LEEDS, "1974-04-01", None, True),
        ("ods:RWR", "ods:RWR", "other", False, LEEDS, "2001-04-01", "2026-03-31", True),
    ]
    assert counts(loaded(leeds, report(tmp_path / "b.csv", *reversed(found)))) == (0, 0, 3, 0, 0)


def test_what_the_next_report_does_not_hold_has_ended(leeds: Graph, bare: Any, tmp_path: Path):
    found = [line(f"A8100{number}") for number in range(1, 7)]
    loaded(leeds, report(tmp_path / "a.csv", *found), date(2026, 11, 13))
    bad = line("A81001", closed="yesterday")
    made = loaded(leeds, report(tmp_path / "b.csv", bad, *found[2:]))
    assert counts(made) == (0, 0, 4, 1, 1)
    ended = [(row["id"], row["until"], row["exact"]) for row in bare(AREAS) if row["until"]]
    assert ended == [("ods:A81002", "2026-11-20", False)]


def test_an_answer_of_an_interface_ends_nothing(leeds: Graph, tmp_path: Path):
    loaded(leeds, written(tmp_path / "a.json", searchset(organization(), organization("A81002"))))
    made = loaded(leeds, written(tmp_path / "b.json", organization()))
    assert counts(made) == (0, 0, 1, 0, 0)


def test_successions_join_what_is_there_and_wait_for_what_is_not(
    leeds: Graph, bare: Any, tmp_path: Path
):
    old = {
        **organisation("RQJ"),
        "Date": {"Type": "Operational", "Start": "1993-04-01", "End": "2001-03-31"},
    }
    new = organisation(
        Succs={"Succ": [succession("RQJ", "Predecessor"), succession("RC8", "Predecessor")]}
    )
    loaded(leeds, written(tmp_path / "a.json", {"Organisation": old}))
    made = loaded(leeds, written(tmp_path / "b.json", {"Organisation": new}))
    assert counts(made) == (2, 0, 0, 0, 1)
    assert [tuple(row.values()) for row in bare(SUCCEEDED)] == [
        ("ods:RQJ", "ods:RWR", "2001-04-01")
    ]
    both = {"Organisations": [new, organisation("RC8")]}
    assert counts(loaded(leeds, written(tmp_path / "c.json", both))) == (2, 0, 2, 0, 0)
    assert len(bare(SUCCEEDED)) == 2


def test_addresses_and_other_cells_are_nowhere_in_the_store(
    leeds: Graph, bare: Any, tmp_path: Path
):
    written(
        tmp_path / "in" / "a.json",
        organization("A1B", telecom=[{"system": "email", "value": MARKER}]),
    )
    written(
        tmp_path / "in" / "b.json",
        {"Organisation": organisation("A1C", Rels={"Rel": [{"id": MARKER}]})},
    )
    report(tmp_path / "in" / "c.csv", line("A1D"))
    assert counts(loaded(leeds, tmp_path / "in")) == (3, 0, 0, 0, 0)
    everything = bare(
        "MATCH (n) RETURN properties(n) AS said UNION ALL MATCH ()-[r]->() RETURN properties(r) AS said"
    )
    assert MARKER not in str(everything)
    assert "LS1" not in str(everything)


def test_rejects_of_a_report_hold_what_is_read_and_load_after_repair(leeds: Graph, tmp_path: Path):
    path = report(
        tmp_path / "a.csv", line(), line("A81002", closed="2020-03-31", status="C"), line("A81003")
    )
    batch = read(path)
    out = ods.reject(path, batch.faults, tmp_path / "out")
    assert out == tmp_path / "out" / "a.csv"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with out.open(newline="") as file:
        head, bad = csv.reader(file)
    said = {name: cell for name, cell in zip(head, bad, strict=True) if name or cell}
    assert said == {
        "code": "A81002",
        "name": "THE SURGERY",
        "open date": "19740401",
        "close date": "2020-03-31",
        "status": "C",
        "telephone": "01632 960101",
        "setting": "4",
        "reason": "close date: is not a date, as 20260304",
    }
    loaded(leeds, path)
    mended = tmp_path / "mended.csv"
    mended.write_text(out.read_text().replace("2020-03-31", "20200331"))
    assert ods.knows(mended) is not None
    assert not ods.read(mended, "ods", TODAY).full
    assert counts(loaded(leeds, mended)) == (1, 0, 0, 0, 0)


def test_rejects_that_were_not_repaired_are_rejected_again(tmp_path: Path):
    path = report(tmp_path / "a.csv", line(name="", opened="x"), line("A81002"))
    first = read(path)
    out = ods.reject(path, first.faults, tmp_path / "out")
    assert out is not None
    again = read(out)
    assert [(f.column, f.sentence) for f in again.faults] == [
        (f.column, f.sentence) for f in first.faults
    ]
    with out.open(newline="") as file:
        assert len(list(csv.reader(file))) == 2


XML = f"""<Bundle xmlns="http://hl7.org/fhir"><type value="searchset"/><entry><resource><Organization>
<identifier><system value="{SYSTEM}"/><value value="A1B"/></identifier><active value="false"/>
<name value="THE SURGERY"/><address><line value="ZZCONTENT"/></address>
</Organization></resource></entry></Bundle>"""


def test_rejects_of_fhir_are_fhir(tmp_path: Path):
    xml = tmp_path / "in" / "a.xml"
    bad = written(
        tmp_path / "in" / "b.json", searchset(organization(), organization("A1C", name=""))
    )
    xml.write_text(XML)
    batch = read(tmp_path / "in")
    assert [row.service.id for row in batch.services] == ["A81001"]
    out = ods.reject(tmp_path / "in", batch.faults, tmp_path / "out")
    assert out == tmp_path / "out"
    text = (out / "a.xml").read_text()
    assert (
        "<!-- extension period.end: is missing, and the organisation is said to be closed -->"
        in text
    )
    said = json.loads((out / "b.json").read_text())["entry"]
    assert [(one["reason"], "address" in one["resource"]) for one in said] == [
        ("name: is missing", False)
    ]
    assert MARKER not in text
    (out / "a.xml").write_text(text.replace('"false"', '"true"'))
    mended = (out / "b.json").read_text().replace('"name": ""', '"name": "MENDED"')
    (out / "b.json").write_text(mended)
    again = read(out)
    assert [row.service.id for row in again.services] == ["A1B", "A1C"]
    assert bad.exists()


def test_rejects_of_ord_are_ord(tmp_path: Path):
    bad = organisation(Status="Inactive", Succs={"Succ": [succession("RQJ", "Predecessor")]})
    path = written(tmp_path / "a.json", {"Organisations": [organisation("RQJ"), bad]})
    out = ods.reject(path, read(path).faults, tmp_path / "out")
    assert out is not None
    text = out.read_text()
    assert MARKER not in text
    (one,) = json.loads(text)["Organisations"]
    assert one["reason"] == "Date.End: is missing, and the organisation is said to be closed"
    mended = tmp_path / "mended.json"
    mended.write_text(text.replace('"Inactive"', '"Active"'))
    batch = read(mended)
    assert [row.service.id for row in batch.services] == ["RWR"]
    assert [tie.record for tie in batch.successors] == ["RQJ/RWR"]
    assert ods.reject(path, (), tmp_path / "none") is None


def test_an_organisation_of_a_new_role_is_taken(leeds: Graph, bare: Any, tmp_path: Path):
    assert counts(
        loaded(leeds, written(tmp_path / "a.json", organization("A1B", role("RO999"))))
    ) == (1, 0, 0, 0, 0)
    assert [row["kind"] for row in bare(AREAS)] == ["other"]


@pytest.mark.skipif(not SAMPLE.exists(), reason="the samples are not here")
def test_the_samples_load_twice_and_the_second_changes_nothing(leeds: Graph, bare: Any):
    for path, count in ((SAMPLE / "etr.csv", 227), (SAMPLE / "ods_fhir", 5)):
        assert counts(loaded(leeds, path)) == (count, 0, 0, 0, 0)
        assert counts(loaded(leeds, path)) == (0, 0, count, 0, 0)
    assert len(bare(AREAS)) == 232
