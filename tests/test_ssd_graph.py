"""The SSD through the door: the nodes and edges that it makes, and that it makes them once."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph import Graph, LoadReport
from graph.rows import UNNAMED
from loaders import ssd
from loaders.ssd.tables import TABLES
from tests.test_ssd import COLUMNS, TODAY, UPN, extract, folder, table
from tests.world import CHIDI, LEEDS, SOURCES, STEWARD, World

SOURCE = "leeds-social-care"
LATER = date(2026, 11, 22)

# By hand: 2 children; services 12, 13, the family hub, and the one that stands for no team (children's
# social care holds care, the plan and involvement 9002); 2 professionals; one parent.
# Involvements: 9001, 9002, care, plan, need, early help. Allocations: 9001 (9002 names no worker).
# Pointers: referred by another authority, and another authority's plan.
WHOLE: dict[str, Any] = {
    "ssd_person": [{"upn": UPN}, {"person_id": 502, "common_child_id": "9990000034", "forename": "Ada",
                    "surname": "Doe", "dob": "", "expected_dob": "2027-01-15"}],
    "ssd_linked_identifiers": [{"identifier_value": "P123456789013", "valid_to_date": "2020-01-01"}],
    "ssd_department": [{}, {"team_id": 13, "team_name": "East Assessment", "team_parent_id": 12}],
    "ssd_professionals": [{}, {"professional_id": 78, "professional_name": "Tom Left",
                               "professional_department": "East Assessment"}],
    "ssd_involvements": [{"worker_change_reason": "FCONTA"},
                         {"involvements_id": 9002, "person_id": 502, "professional_id": -1,
                          "professional_team": -1, "involvement_end_date": "2025-02-01"}],
    "ssd_early_help_episodes": [{"episode_end_date": "2021-06-30"}],
    "ssd_cin_episodes": [{"referral_source_code": "5C", "referral_team": 13}],
    "ssd_cp_plans": [{}, {"cp_plan_id": 52, "cp_plan_ola": "Y"}],
    "ssd_cla_episodes": [{"cla_episode_ceased_date": "2024-06-01", "cla_episode_ceased_reason": "X1"},
                         {"cla_episode_id": 62, "cla_episode_start_date": "2024-06-01"}],
}  # fmt: skip
ROWS = 2 + 4 + 2 + 1 + 6 + 1 + 2


@pytest.fixture
def door(graph: Graph) -> Graph:
    """A graph with registered sources."""
    for source in SOURCES:
        graph.load(STEWARD, source)
    return graph


def send(door: Graph, path: Path, day: date = TODAY, **how: Any) -> LoadReport:
    """Load what is at a path."""
    return door.load(STEWARD, ssd.read(path, SOURCE, day, **how), accept_drop=True)


def counts(report: LoadReport) -> tuple[int, int, int, int, int]:
    return report.new, report.changed, report.unchanged, report.ended, report.rejected


def edges(bare: Any) -> set[tuple[Any, ...]]:
    """Every edge in force that a load made, by the words that a person would use for its ends."""
    rows = bare(
        "MATCH (a)-[e]->(b) WHERE e.feed ENDS WITH '/ssd' AND e.retracted_at IS NULL"
        " AND NOT a:Source RETURN type(e) AS type, coalesce(a.name, 'child ' + a.birth_year) AS a,"
        " coalesce(b.number, b.name, 'child ' + b.birth_year) AS b, e.from AS from, e.to AS to,"
        " coalesce(e.kind, e.part) AS what, e.change_reason AS why"
    )
    days = ("from", "to")
    return {
        (
            r["type"],
            r["a"],
            r["b"],
            *(r[d] and r[d].isoformat() for d in days),
            r["what"],
        )
        + ((r["why"],) if r["why"] else ())
        for r in rows
    }


def test_the_nodes_and_edges_of_an_extract(door: Graph, bare: Any, tmp_path: Path):
    report = send(door, extract(tmp_path, **WHOLE))
    assert counts(report) == (ROWS, 0, 0, 0, 0)
    assert not report.warnings
    csc, hub, east, part = (
        "Children's social care",
        "Sunny Family Hub",
        "East Locality",
        "East Assessment",
    )
    born, unborn = "child 2015", "child 2027"
    assert edges(bare) == {
        *(("IN_AREA", name, LEEDS, None, None, None) for name in (csc, hub, east, part)),
        ("PART_OF", part, east, None, None, None),
        ("WORKS_AT", "Amina Yusuf", east, None, None, None),
        ("WORKS_AT", "Tom Left", part, None, None, None),
        ("INVOLVED_WITH", east, born, "2024-01-06", None, None),
        ("INVOLVED_WITH", csc, unborn, "2024-01-06", "2025-02-01", None),
        ("INVOLVED_WITH", hub, born, "2021-02-01", "2021-06-30", "early help"),
        ("INVOLVED_WITH", part, born, "2023-05-04", None, "child in need"),
        ("INVOLVED_WITH", csc, born, "2023-06-01", None, "child protection plan"),
        ("INVOLVED_WITH", csc, born, "2024-03-01", None, "looked after"),
        ("WORKS_WITH", "Amina Yusuf", born, "2024-01-06", None, "allocated worker", "FCONTA"),
        ("POINTS_TO", born, UNNAMED, "2023-05-04", "2023-05-04",
         "referred by another authority"),
        ("POINTS_TO", born, UNNAMED, "2023-06-01", None,
         "a plan of another authority"),
    }  # fmt: skip
    (worker,) = bare(
        "MATCH (p:Practitioner {name: 'Amina Yusuf'}) RETURN p.profession AS is, p.registration AS no"
    )
    assert (worker["is"], worker["no"]) == ("social worker", "SW000007")


def test_the_same_again_changes_nothing_in_whatever_order(door: Graph, tmp_path: Path):
    send(door, extract(tmp_path / "a", **WHOLE))
    assert counts(send(door, tmp_path / "a", LATER)) == (0, 0, ROWS, 0, 0)
    turned = {name: rows[::-1] for name, rows in reversed(WHOLE.items())}
    assert counts(send(door, extract(tmp_path / "b", **turned), LATER)) == (0, 0, ROWS, 0, 0)


def test_a_child_is_found_by_a_number_and_shows_who_works_with_it(door: Graph, tmp_path: Path):
    send(door, extract(tmp_path, **WHOLE))
    shown = World(door).map(CHIDI)
    (mine,) = [
        one for one in shown.involvements if one.service and one.service.name == "East Locality"
    ]
    assert [one.practitioner.name for one in mine.allocations] == ["Amina Yusuf"]


def test_what_is_missing_from_the_next_full_extract_has_ended(
    door: Graph, bare: Any, tmp_path: Path
):
    send(door, extract(tmp_path / "a", **WHOLE))
    less = {**WHOLE, "ssd_involvements": WHOLE["ssd_involvements"][1:], "ssd_cp_plans": ()}
    assert counts(send(door, extract(tmp_path / "b", **less), LATER)) == (0, 0, ROWS - 4, 4, 0)
    ended = {edge[:2] for edge in edges(bare) if edge[4] == LATER.isoformat()}
    assert ended == {
        ("INVOLVED_WITH", "East Locality"),
        ("INVOLVED_WITH", "Children's social care"),
        ("WORKS_WITH", "Amina Yusuf"),
        ("POINTS_TO", "child 2015"),
    }


def test_without_one_of_the_tables_no_involvement_ends(door: Graph, tmp_path: Path):
    send(door, extract(tmp_path / "a", **WHOLE))
    some = {
        name: rows for name, rows in WHOLE.items() if name not in ("ssd_cp_plans", "ssd_person")
    }
    some["ssd_involvements"] = ()
    report = send(door, folder(tmp_path / "b", **some), LATER)
    # Only the allocation: involvements and pointers are not complete, and neither are services.
    assert (report.ended, report.rejected) == (1, 0)


def test_a_correction_is_one_change(door: Graph, tmp_path: Path):
    send(door, extract(tmp_path / "a", **WHOLE))
    row = {**WHOLE["ssd_involvements"][0], "involvement_end_date": "2026-11-19"}
    right = {**WHOLE, "ssd_involvements": [row, WHOLE["ssd_involvements"][1]]}
    assert counts(send(door, extract(tmp_path / "b", **right), LATER)) == (0, 2, ROWS - 2, 0, 0)


def test_repaired_rejects_fill_the_gap(door: Graph, bare: Any, tmp_path: Path):
    """A child with a bad birth takes its rows with it; its file of rejects brings all of them in."""
    person = {**WHOLE["ssd_person"][0], "dob": "2015-06-31"}
    wrong = {**WHOLE, "ssd_person": [person, WHOLE["ssd_person"][1]]}
    wrong["ssd_involvements"] = [
        {"professional_team": "East Locality"},
        WHOLE["ssd_involvements"][1],
    ]
    path = extract(tmp_path / "in", **wrong)
    report = send(door, path)
    # The child, and in lines 9001, need, plan, plan of another, early help, and care.
    assert report.rejected == 7
    out = ssd.reject(path, report.faults, tmp_path / "out")
    assert out
    person_file = out / "ssd_person.csv"
    person_file.write_text(person_file.read_text().replace("2015-06-31", "2015-06-09"))
    repaired = send(door, out)
    assert (repaired.rejected, repaired.ended) == (0, 0)
    clean = {**WHOLE, "ssd_involvements": wrong["ssd_involvements"]}
    assert counts(send(door, extract(tmp_path / "clean", **clean), LATER)) == (0, 0, ROWS, 0, 0)


CONTENT = "ZZCONTENT"
READABLE = {column for each in TABLES for column in each.columns}


def stuffed() -> dict[str, Any]:
    """An extract with an unmistakable word in every cell that is not read, in read and unread tables."""
    tables: dict[str, Any] = {}
    for name in COLUMNS:
        header, *lines = table(name, *WHOLE.get(name, [{}]))
        free = [place for place, column in enumerate(header) if column not in READABLE]
        for line in lines:
            for place in free:
                line[place] = CONTENT
        tables[name] = [header, *lines]
    return tables


def test_nothing_of_a_case_reaches_the_store(door: Graph, bare: Any, tmp_path: Path):
    report = send(door, folder(tmp_path, **stuffed()))
    assert (report.new, report.rejected) == (ROWS, 0)
    nodes = bare("MATCH (x) RETURN properties(x) AS held")
    ties = bare("MATCH ()-[x]->() RETURN properties(x) AS held")
    held = [str(value) for row in (*nodes, *ties) for value in row["held"].values()]
    assert "East Locality" in held
    assert not [text for text in held if CONTENT.casefold() in text.casefold()]


def test_a_batch_is_read_as_it_is_asked_for(tmp_path: Path):
    batch = ssd.read(extract(tmp_path, **WHOLE), SOURCE, TODAY)
    first = next(iter(batch.stream))
    assert (first.table, first.record) == ("services", "12/")
    assert 1 + len(list(batch.stream)) == ROWS


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("ssd_professionals", {"professional_id": "7;7"}),
        ("ssd_professionals", None),
        ("ssd_department", {"team_id": "?"}),
        ("ssd_department", None),
        ("ssd_department", {"team_parent_id": "1;2"}),
    ],
)
def test_a_refused_row_ends_and_moves_nothing_that_names_it(
    door: Graph, tmp_path: Path, bare: Any, name: str, row: dict[str, Any] | None
):
    send(door, extract(tmp_path / "whole", **WHOLE))
    before = edges(bare)
    rows: Any = [row, *WHOLE[name][1:]]
    if row is None:
        head, first, *rest = table(name, *WHOLE[name])
        rows = [head, [*first, "one more"], *rest]
    path = extract(tmp_path / "spoilt", **{**WHOLE, name: rows})
    report = send(door, path, LATER)
    assert edges(bare) == before
    assert (report.changed, report.ended) == (0, 0)


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("ssd_involvements", {"professional_team": "MASH", "involvement_start_date": "x1"}),
        ("ssd_early_help_episodes", {"episode_organisation": "", "episode_start_date": "x1"}),
        ("ssd_professionals", {"professional_id": "7;7", "professional_department": "MASH"}),
    ],
)
def test_a_refused_row_ends_no_team_that_it_alone_names(
    door: Graph, tmp_path: Path, bare: Any, name: str, row: dict[str, Any]
):
    good = {key: cell for key, cell in row.items() if cell not in ("x1", "7;7")}
    send(door, extract(tmp_path / "whole", **{**WHOLE, name: [good, *WHOLE[name][1:]]}))
    before = edges(bare)
    spoilt = extract(tmp_path / "spoilt", **{**WHOLE, name: [row, *WHOLE[name][1:]]})
    report = send(door, spoilt, LATER)
    assert edges(bare) == before
    assert (report.changed, report.ended) == (0, 0)


@pytest.mark.parametrize("row", [{"team_parent_id": "1;2"}, {"team_id": "?"}])
def test_early_help_stays_with_the_department_that_is_refused(
    door: Graph, tmp_path: Path, bare: Any, row: dict[str, Any]
):
    helped = {**WHOLE, "ssd_early_help_episodes": [{"episode_organisation": 12}]}
    send(door, extract(tmp_path / "whole", **helped))
    before = edges(bare)
    rows = [row, *WHOLE["ssd_department"][1:]]
    report = send(door, extract(tmp_path / "spoilt", **{**helped, "ssd_department": rows}), LATER)
    assert edges(bare) == before
    assert (report.changed, report.ended) == (0, 0)


def test_a_name_that_a_refused_department_has_too_is_not_taken_for_the_other(
    door: Graph, tmp_path: Path, bare: Any
):
    twice = [{}, {"team_id": 13, "team_parent_id": ""}]
    some = {**WHOLE, "ssd_department": twice}
    some["ssd_involvements"] = [{"professional_team": "East Locality"}]
    send(door, extract(tmp_path / "whole", **some))
    before = edges(bare)
    spoilt = {**some, "ssd_department": [{}, {"team_id": "?", "team_parent_id": ""}]}
    report = send(door, extract(tmp_path / "spoilt", **spoilt), LATER)
    assert edges(bare) == before
    assert (report.changed, report.ended) == (0, 0)


def test_a_worker_without_a_name_is_still_left_out_where_another_row_is_refused(tmp_path: Path):
    staff = [{"professional_name": ""}, {"professional_id": "7;7"}]
    batch = ssd.read(extract(tmp_path, **{**WHOLE, "ssd_professionals": staff}), SOURCE, TODAY)
    assert "allocations" not in {row.table for row in batch.stream}
