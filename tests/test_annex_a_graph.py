"""Annex A in the graph: nodes and edges as expected, again without a change, and nothing of the case."""

from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from graph import Graph, Keyring, Sex
from loaders import annex_a
from tests.test_annex_a import HEADERS, SAMPLE, TODAY, row, workbook
from tests.world import NOW, SOURCES, STEWARD

SOURCE = "leeds-social-care"
MARKER = "ZZCONTENT"
# What the published workbook says of a child beside who they are and who works with them.
CONTENT = [
    "Ethnicity", "Age", "Does the Child have a Disability", "Contact Source", "Referral Source",
    "Primary Need Code", "Reason for Closure", "Case Status", "Initial Category of Abuse",
    "Latest Category of Abuse", "Was the Child Seen Alone?", "Child's Category of Need",
    "Child's Legal Status", "Reason Ceased to be Looked After", "Date of Last Health Assessment",
    "What is the permanence plan for this child?", "Placement Type", "Placement Provider",
    "Placement postcode", "URN of Placement", "Placement Location", "LA in Touch",
    "Type of Accommodation", "Suitability of Accommodation", "Activity Status",
    "Reason Why Child No Longer Placed for Adoption",
]  # fmt: skip


@pytest.fixture
def registered(graph: Graph) -> Graph:
    """A graph that knows the source."""
    graph.load(STEWARD, SOURCES[0])
    return graph


def placed(where: str, since: datetime) -> list[Any]:
    cells = {"LA of Placement": where, "Start Date of Most Recent Placement": since}
    return row(8, Child_Unique_ID=8, **cells)


def whole(path: Path) -> Path:
    """A workbook of one child in protection, one in care in Bradford, one care leaver."""
    lists = {
        7: [row(7, Child_Unique_ID=7)],
        8: [placed("Bradford", datetime(2026, 7, 1))],
        9: [row(9, Child_Unique_ID=9, Allocated_Personal_Advisor="Chidi Okafor")],
    }
    return workbook(path, lists)


def test_nodes_and_edges(registered: Graph, bare, tmp_path: Path):
    batch = annex_a.read(whole(tmp_path / "a.xlsx"), SOURCE, TODAY)
    report = registered.load(STEWARD, batch)
    # One team; its worker and an adviser; 3 children; a home; 3 involvements; 4 allocations.
    assert (report.read, report.new, report.rejected) == (14, 14, 0)
    edges = bare(
        "MATCH (a)-[e]->(b) WHERE e.feed IS NOT NULL AND NOT a:Source"
        " RETURN CASE WHEN a:Child THEN 'child' ELSE a.id END AS start, type(e) AS edge,"
        " CASE WHEN b:Child THEN 'child' ELSE coalesce(b.number, b.id) END AS end,"
        " coalesce(e.kind, e.part) AS what, e.from AS since, e.to AS until"
    )
    team, amina, chidi = (
        f"{SOURCE}:{name}" for name in ("locality-4-unit-1", "amina-yusuf", "chidi-okafor")
    )
    march, july = date(2026, 3, 4), date(2026, 7, 1)
    assert Counter(tuple(edge.values()) for edge in edges) == Counter(
        [
            (team, "IN_AREA", "383", None, None, None),
            (team, "INVOLVED_WITH", "child", "child protection plan", march, None),
            (team, "INVOLVED_WITH", "child", "looked after", march, None),
            (team, "INVOLVED_WITH", "child", "care leaver", None, None),
            ("child", "LIVES_IN", "380", None, july, None),
            (amina, "WORKS_AT", team, None, None, None),
            (chidi, "WORKS_AT", team, None, None, None),
            *[(amina, "WORKS_WITH", "child", "allocated worker", None, None)] * 3,
            (chidi, "WORKS_WITH", "child", "personal adviser", None, None),
        ]
    )


def test_a_second_load_changes_nothing(registered: Graph, tmp_path: Path):
    path = whole(tmp_path / "a.xlsx")
    registered.load(STEWARD, annex_a.read(path, SOURCE, TODAY))
    report = registered.load(STEWARD, annex_a.read(path, SOURCE, TODAY))
    assert (report.new, report.changed, report.ended, report.unchanged) == (0, 0, 0, 14)


def test_the_next_placement_ends_the_last_one(registered: Graph, bare, tmp_path: Path):
    lists = {8: [placed("Bradford", datetime(2026, 7, 1))]}
    path = workbook(tmp_path / "a.xlsx", lists)
    registered.load(STEWARD, annex_a.read(path, SOURCE, TODAY))
    NOW.forward(days=1)
    moved = workbook(tmp_path / "b.xlsx", {8: [placed("Leeds", datetime(2026, 11, 21))]})
    registered.load(STEWARD, annex_a.read(moved, SOURCE, date(2026, 11, 21)), accept_drop=True)
    homes = bare(
        "MATCH (:Child)-[h:LIVES_IN]->(a) WHERE h.retracted_at IS NULL"
        " RETURN a.number AS area, h.from AS start, h.to AS end, h.to_exact AS exact ORDER BY start"
    )
    assert [tuple(home.values()) for home in homes] == [
        ("380", date(2026, 7, 1), date(2026, 11, 21), False),
        ("383", date(2026, 11, 21), None, True),
    ]


def test_contacts_are_events_and_leave_nobody(registered: Graph, bare, tmp_path: Path):
    book = openpyxl.load_workbook(whole(tmp_path / "a.xlsx"))
    sheet = book.create_sheet("List 1")
    sheet.append(["Child Unique ID", "Gender", "Date of Birth", "Date of Contact"])
    sheet.append([1, "b) Female", datetime(2015, 6, 9), datetime(2026, 3, 4)])
    book.save(tmp_path / "b.xlsx")
    report = registered.load(STEWARD, annex_a.read(tmp_path / "b.xlsx", SOURCE, TODAY))
    assert report.read == 14
    assert bare("MATCH (c:Child) RETURN count(c) AS n") == [{"n": 3}]


def test_nothing_of_the_case_is_in_the_store(
    registered: Graph, bare, keyring: Keyring, tmp_path: Path
):
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for number, names in HEADERS.items():
        sheet = book.create_sheet(f"List {number}")
        sheet.append([*names, *CONTENT])
        cells = dict(zip(names, row(number), strict=True))
        said = [MARKER if name in CONTENT else cells[name] for name in names]
        sheet.append([*said, *[MARKER] * len(CONTENT)])
    book.save(tmp_path / "a.xlsx")
    report = registered.load(STEWARD, annex_a.read(tmp_path / "a.xlsx", SOURCE, TODAY))
    # One child and worker; the team, and early help; an involvement a list; List 2 names no worker.
    assert (report.rejected, report.read) == (0, 1 + 1 + 2 + 8 + 7)
    rows = bare(
        "MATCH (n) RETURN properties(n) AS p UNION ALL MATCH ()-[r]->() RETURN properties(r) AS p"
    )
    assert MARKER not in str(rows)
    [child] = bare("MATCH ()-[k:KNOWN_AS]->(c) RETURN c.id AS id, k.sealed AS sealed")
    assert keyring.open(child["sealed"], child["id"]).model_dump(exclude_defaults=True) == {
        "birth_date": date(2015, 6, 9),
        "sex": Sex.FEMALE,
    }


COUNTS = """
MATCH (child:Child) WITH count(child) AS children
OPTIONAL MATCH ()-[work:INVOLVED_WITH]->(:Child) WITH children, count(work) AS involvements
OPTIONAL MATCH (worker:Practitioner)-[tie:WORKS_WITH]->(:Child)
RETURN children, involvements, count(tie) AS allocations, count(DISTINCT worker) AS workers
"""


@pytest.mark.skipif(not SAMPLE.exists(), reason="the shared sample is not beside this checkout")
def test_the_published_sample_twice(registered: Graph, bare):
    """Lists 2 to 9 have 44 rows, of 43 children: one stands in two; 20 that are open name
    one of 15 workers.

    With the 17 services: 17 + 15 + 43 + 44 + 20 rows.
    """

    def load() -> tuple[int, ...]:
        batch = annex_a.read(SAMPLE, SOURCE, date(2024, 1, 31))
        report = registered.load(STEWARD, batch)
        return report.new, report.changed, report.unchanged, report.ended, report.rejected

    registered.load(STEWARD, SOURCES[0].model_copy(update={"keep_years": 75}))
    held = [{"children": 43, "involvements": 44, "allocations": 20, "workers": 15}]
    assert load() == (139, 0, 0, 0, 0)
    assert bare(COUNTS) == held
    assert load() == (0, 0, 139, 0, 0)
    assert bare(COUNTS) == held
