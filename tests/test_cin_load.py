"""The Children in Need census on its way into the graph, and its rejects on their way back."""

import stat
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph import Agency, Graph, LawfulBasis, LoadReport, Source
from loaders import cin
from tests.test_cin import TODAY, assessment, case, census, child, enquiry, plan, tag
from tests.test_cin_files import SAMPLE, here
from tests.world import LEEDS, STEWARD, whole

EDGES = """MATCH (start)-[edge:INVOLVED_WITH|POINTS_TO]-(child:Child)
WHERE edge.retracted_at IS NULL
RETURN type(edge) AS type, coalesce(start.name, '') AS start, edge.kind AS kind,
       toString(edge.from) AS since, toString(edge.to) AS until, edge.to_exact AS exact
ORDER BY since, kind"""
CLOSED = {"CINclosureDate": "2026-03-02", "ReasonForClosure": "RC5", "ReferralSource": "5C"}


@pytest.fixture
def leeds(graph: Graph) -> Graph:
    """The graph, with one source."""
    source = Source(
        id="leeds",
        name="Leeds social care",
        authority=LEEDS,
        agency=Agency.SOCIAL_CARE,
        keep_years=75,
        basis=LawfulBasis.PUBLIC_TASK,
    )
    graph.load(STEWARD, source)
    return graph


def loaded(graph: Graph, path: Path, extracted: date = TODAY, **more: bool) -> LoadReport:
    return graph.load(STEWARD, cin.read(path, "leeds", extracted), **more)


def counts(report: LoadReport) -> tuple[int, ...]:
    return report.new, report.changed, report.unchanged, report.ended, report.rejected


def test_a_census_becomes_these_nodes_and_edges(leeds: Graph, bare: Any, tmp_path: Path):
    parts = [assessment(end="2026-02-10"), enquiry(needless="1"), plan(end="2026-03-01")]
    path = census(
        tmp_path / "c.xml",
        child(case(*parts, **CLOSED)),
        child(case(CINreferralDate="2026-02-01"), LAchildID="A2", UPN=None),
        child(case(ReferralNFA="1"), LAchildID="A3", UPN=None),
    )
    assert counts(loaded(leeds, path)) == (10, 0, 0, 0, 0)
    team, none = "Children's social care", "Area not known"
    assert [tuple(edge.values()) for edge in bare(EDGES)] == [
        ("INVOLVED_WITH", team, "child in need", "2026-01-05", "2026-03-02", True),
        ("POINTS_TO", none, "referred by another authority", "2026-01-05", "2026-01-05", True),
        ("INVOLVED_WITH", team, "assessment", "2026-01-06", "2026-02-10", True),
        ("INVOLVED_WITH", team, "section 47 enquiry", "2026-01-07", "2026-01-28", False),
        ("INVOLVED_WITH", team, "child protection plan", "2026-01-20", "2026-03-01", True),
        ("INVOLVED_WITH", team, "child in need", "2026-02-01", None, True),
        ("POINTS_TO", none, "transferred to another authority", "2026-03-02", "2026-03-02", True),
    ]
    assert bare("MATCH (c:Child) RETURN count(c) AS n") == [{"n": 2}]
    assert bare(
        "MATCH (s:Service)-[:IN_AREA]->(a) RETURN s.agency AS agency, a.number AS area"
    ) == [{"agency": "social care", "area": LEEDS}]


def test_the_same_census_again_in_another_order_changes_nothing(leeds: Graph, tmp_path: Path):
    cases = [case(assessment(), plan(), **CLOSED), case(CINreferralDate="2026-03-10")]
    children = [child(*cases), child(case(enquiry()), LAchildID="A2")]
    first = loaded(leeds, census(tmp_path / "c.xml", *children))
    turned = [child(case(enquiry()), LAchildID="A2"), child(*reversed(cases))]
    again = loaded(leeds, census(tmp_path / "d.xml", *turned))
    assert counts(again) == (0, 0, first.new, 0, 0)


def test_what_is_open_and_missing_from_the_next_census_has_ended(
    leeds: Graph, bare: Any, tmp_path: Path
):
    many = [child(case(), LAchildID=f"B{n}", UPN=None) for n in range(8)]
    closed = case(CINreferralDate="2025-05-01", CINclosureDate="2025-06-01")
    loaded(leeds, census(tmp_path / "c.xml", child(closed, case(plan())), *many), date(2026, 3, 30))
    report = loaded(leeds, census(tmp_path / "d.xml", child(case()), *many))
    assert counts(report)[:4] == (0, 0, 19, 1)
    assert [tuple(edge.values())[2:] for edge in bare(EDGES) if edge["until"]] == [
        ("child in need", "2025-05-01", "2025-06-01", True),
        ("child protection plan", "2026-01-20", "2026-03-31", False),
    ]


def test_what_was_refused_is_not_taken_for_ended(leeds: Graph, bare: Any, tmp_path: Path):
    loaded(leeds, census(tmp_path / "c.xml", child(case(plan()))), date(2026, 3, 30))
    for number, wrong in enumerate(
        [
            child(case(plan(end="zz"), CINclosureDate="zz")),
            child(case(plan("zz"))),
            child(case(plan()), LAchildID=""),
            child(case(plan()), PersonBirthDate="zz"),
        ]
    ):
        path = census(tmp_path / f"{number}.xml", wrong)
        assert loaded(leeds, path, accept_drop=True).ended == 0
    assert [edge["until"] for edge in bare(EDGES)] == [None, None]


def test_nothing_of_the_case_is_in_the_store(leeds: Graph, bare: Any, tmp_path: Path):
    mark = "ZZCONTENT"
    parts = [
        tag("CINPlanDates", CINPlanStartDate=mark, CINPlanEndDate=mark),
        tag(
            "Assessments",
            tag("FactorsIdentifiedAtAssessment", mark, AssessmentFactors=mark),
            AssessmentActualStartDate="2026-01-06",
            AssessmentInternalReviewDate=mark,
        ),
        tag("Section47", mark, S47ActualStartDate="2026-01-07", InitialCPCtarget=mark),
        tag(
            "ChildProtectionPlans",
            tag("Reviews", CPPreviewDate=mark),
            CPPstartDate="2026-01-20",
            InitialCategoryOfAbuse=mark,
            LatestCategoryOfAbuse=mark,
            NumberOfPreviousCPP=mark,
        ),
    ]
    names = ["PrimaryNeedCode", "ReasonForClosure", "ReferralSource", "DateOfInitialCPC", "Note"]
    known = {"UPNunknown": mark, "PersonDeathDate": mark, "Note": mark}
    cases = [case(mark, *parts, **dict.fromkeys(names, mark))]
    path = census(tmp_path / "c.xml", child(mark, *cases, **known), mark)
    text = path.read_text().replace("WBRI", mark).replace(">zz<", f">{mark}<")
    text = text.replace("?>", f"?><?a {mark}?><!-- {mark} -->", 1)
    path.write_text(text.replace("<CINdetails>", f'<CINdetails a="{mark}">'))
    report = loaded(leeds, path)
    assert counts(report) == (6, 0, 0, 0, 0)
    assert mark not in repr(list(report.warnings))
    nodes = bare("MATCH (n) RETURN properties(n) AS said")
    edges = bare("MATCH ()-[r]->() RETURN properties(r) AS said")
    rows = [row.model_dump() for row in cin.read(path, "leeds", TODAY).rows()]
    assert mark not in str(rows)
    assert "child protection plan" in str(edges)
    assert mark not in f"{nodes} {edges}"


@here
def test_the_published_sample_twice(leeds: Graph, bare: Any):
    assert counts(loaded(leeds, SAMPLE, date(2022, 3, 31))) == (6, 0, 0, 0, 0)
    assert counts(loaded(leeds, SAMPLE, date(2022, 3, 31))) == (0, 0, 6, 0, 0)
    assert len(bare(EDGES)) == 4


def rejected(tmp_path: Path, *children: str) -> tuple[Path, Path | None]:
    path = census(tmp_path / "c.xml", *children)
    batch = whole(cin.read(path, "leeds", TODAY))
    return path, cin.reject(path, batch.faults, tmp_path / "out")


def test_only_children_of_whom_something_was_refused_are_written_each_with_its_reason(
    tmp_path: Path,
):
    other = case(ReasonForClosure="RC2", CINreferralDate="2025-01-01", CINclosureDate="2025-01-09")
    _, kept = rejected(
        tmp_path,
        child(case(), LAchildID="A0"),
        child(case(enquiry("zz"), **{**CLOSED, "CINclosureDate": "zz"}), other),
    )
    assert kept == tmp_path / "out" / "c.xml"
    assert (stat.S_IMODE(kept.stat().st_mode), stat.S_IMODE(kept.parent.stat().st_mode)) == (
        0o600,
        0o700,
    )
    assert [line.strip() for line in kept.read_text().splitlines()] == [
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<?signpost rejects?>",
        "<Message>",
        "<Header>",
        "<CollectionDetails>",
        "<Collection>CIN</Collection>",
        "<Year>2026</Year>",
        "<ReferenceDate>2026-03-31</ReferenceDate>",
        "</CollectionDetails>",
        "<Source>",
        "<LEA>383</LEA>",
        "</Source>",
        "</Header>",
        "<Children>",
        "<!-- line 36: CINclosureDate: is not a date, as 2026-03-04; "
        "line 43: S47ActualStartDate: is not a date, as 2026-03-04 -->",
        "<Child>",
        "<ChildIdentifiers>",
        "<LAchildID>A1</LAchildID>",
        "<UPN>B801200005001</UPN>",
        "<PersonBirthDate>2015-06-09</PersonBirthDate>",
        "<Sex>F</Sex>",
        "</ChildIdentifiers>",
        "<CINdetails>",
        "<CINreferralDate>2026-01-05</CINreferralDate>",
        "<ReferralSource>5C</ReferralSource>",
        "<ReferralNFA>false</ReferralNFA>",
        "<CINclosureDate>zz</CINclosureDate>",
        "<ReasonForClosure>RC5</ReasonForClosure>",
        "<Section47>",
        "<S47ActualStartDate>zz</S47ActualStartDate>",
        "<ICPCnotRequired>0</ICPCnotRequired>",
        "</Section47>",
        "</CINdetails>",
        "<CINdetails>",
        "<CINreferralDate>2025-01-01</CINreferralDate>",
        "<ReferralNFA>false</ReferralNFA>",
        "<CINclosureDate>2025-01-09</CINclosureDate>",
        "</CINdetails>",
        "</Child>",
        "</Children>",
        "</Message>",
    ]


def test_nothing_is_written_where_nothing_was_refused(tmp_path: Path):
    _, kept = rejected(tmp_path, child(case()), child(case(), LAchildID="A2", UPN="zz"))
    assert kept is None
    assert not (tmp_path / "out").exists()


def test_rejects_that_were_repaired_add_to_the_census(leeds: Graph, bare: Any, tmp_path: Path):
    path = census(
        tmp_path / "c.xml",
        child(case(CINclosureDate="a&lt;b"), case(CINclosureDate="2026-02-01")),
        child(case(), LAchildID="A2", UPN=None),
    )
    report = loaded(leeds, path)
    assert counts(report) == (5, 0, 0, 0, 1)
    kept = cin.reject(path, report.faults, tmp_path / "out")
    assert kept
    assert cin.knows(kept)
    batch = cin.read(kept, "leeds", TODAY)
    assert not batch.full
    assert counts(leeds.load(STEWARD, batch)) == (0, 0, 3, 0, 1)
    kept.write_text(kept.read_text().replace("a&lt;b", "2026-03-01"))
    assert counts(loaded(leeds, kept)) == (1, 0, 3, 0, 0)
    assert {edge["until"] for edge in bare(EDGES)} == {"2026-02-01", "2026-03-01", None}


def test_a_second_child_of_the_same_id_is_refused_by_the_door_and_written(
    leeds: Graph, tmp_path: Path
):
    path = census(
        tmp_path / "c.xml", child(case()), child(case(), case(CINreferralDate="2026-02-02"))
    )
    path.write_text(path.read_text().replace("\n", ""))
    report = loaded(leeds, path)
    assert report.new == 4
    assert {(fault.file, fault.table) for fault in report.faults} == {
        ("c.xml/Child 2", "children"), ("c.xml/Child 2", "involvements"),
    }  # fmt: skip
    kept = cin.reject(path, report.faults, tmp_path / "out")
    assert kept
    assert kept.read_text().count("<Child>") == 1
