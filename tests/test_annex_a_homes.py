"""The authority in whose area a child in care lives, from List 8; never where in it."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from graph.rows import Batch, HomeRow
from loaders import annex_a
from tests.test_annex_a import HEADERS, START, TODAY, load, row, said, workbook

PLACED = "LA of Placement"
SINCE = "Start Date of Most Recent Placement"
UNKNOWN = "is not the name or number of an authority that is known; the row is taken without it"


def homes(batch: Batch) -> list[tuple[str, str, date | None, date | None]]:
    return [(h.record, h.authority, h.period.from_, h.period.to) for h in batch.homes]


def only(tmp_path: Path, **cells: Any) -> HomeRow:
    """The one home of a workbook with one child in care."""
    (home,) = load(tmp_path, list8=[row(8, **cells)]).homes
    return home


def test_a_child_lives_in_the_area_since_the_placement_until_care_ends(tmp_path: Path):
    cells = {PLACED: "Bradford", SINCE: datetime(2026, 7, 1)}
    batch = load(tmp_path, list8=[row(8, end=datetime(2026, 9, 1), **cells)])
    assert homes(batch) == [
        ("L8:1234:2026-03-04:2026-07-01", "380", date(2026, 7, 1), date(2026, 9, 1))
    ]
    assert (batch.homes[0].child, batch.homes[0].line) == ("1234", 2)


def test_without_the_start_of_a_placement_it_is_since_care_began(tmp_path: Path):
    home = only(tmp_path, **{PLACED: 380})
    assert (home.record, home.period.from_) == ("L8:1234:2026-03-04:380", date(2026, 3, 4))


@pytest.mark.parametrize(
    ("cell", "number"),
    [(" Kingston upon Hull,\xa0City of ", "810"), ("Hull", "810"), ("St. Helens", "342"),
     ("E08000016", "370"), ("E08000038", "370"), (383, "383"), (383.0, "383"), ("909", "909")],
)  # fmt: skip
def test_authorities_as_people_write_them(tmp_path: Path, cell: Any, number: str):
    assert only(tmp_path, **{PLACED: cell}).authority == number


@pytest.mark.parametrize(
    "cell", [None, "", "-", " . ", "..", "#N/A", "Not known", "CON", "con - Zz", "Confidential"]
)
def test_an_authority_that_is_not_told_is_no_home(tmp_path: Path, cell: Any):
    batch = load(tmp_path, list8=[row(8, **{PLACED: cell})])
    assert len(batch.involvements) == 1
    assert not batch.homes
    assert not said(batch.warnings)


@pytest.mark.parametrize("cell", ["Zz Town", "Ayrshire", 42, "LS1 4AP", datetime(2026, 1, 1)])
def test_an_authority_that_is_not_known_is_a_warning(tmp_path: Path, cell: Any):
    batch = load(tmp_path, list8=[row(8, **{PLACED: cell})])
    assert len(batch.involvements) == 1
    assert not batch.homes
    assert said(batch.warnings) == [(2, PLACED, UNKNOWN)]


@pytest.mark.parametrize("since", [datetime(2026, 3, 3), datetime(2026, 9, 2), "never"])
def test_a_placement_that_cannot_be_then_is_a_warning(tmp_path: Path, since: Any):
    cells = {PLACED: "Bradford", SINCE: since}
    batch = load(tmp_path, list8=[row(8, end=datetime(2026, 9, 1), **cells)])
    assert batch.homes[0].period.from_ == date(2026, 3, 4)
    (line, column, sentence), *more = said(batch.warnings)
    assert (line, column, more) == (2, SINCE, [])
    assert sentence.endswith("the row is taken without it")


def test_what_a_refused_row_says_of_a_home_is_not_taken_for_ended(tmp_path: Path):
    rows = [row(8, end="never", **{PLACED: "Bradford"})]
    faults = load(tmp_path, list8=rows).faults
    assert ("homes", "L8:1234:2026-03-04:380") in {(f.table, f.record) for f in faults}
    rows = [row(8, start="never", **{PLACED: "Bradford"})]
    faults = load(tmp_path, list8=rows).faults
    assert ("homes", None) in {(f.table, f.record) for f in faults}
    rows = [row(8, end="never")]
    assert "homes" not in {f.table for f in load(tmp_path, list8=rows).faults}


def test_homes_are_held_in_full_only_by_a_list_8_that_tells_them(tmp_path: Path):
    assert "homes" in load(tmp_path, list8=[row(8)]).tables
    assert "homes" not in load(tmp_path, list6=[row(6)]).tables
    path = workbook(tmp_path / "a.xlsx", {8: [row(8)]})
    book = openpyxl.load_workbook(path)
    book["List 8"].delete_cols(HEADERS[8].index(PLACED) + 1)
    book.save(path)
    batch = annex_a.read(path, "leeds-csc", TODAY)
    assert batch.tables == (
        "services", "practitioners", "children", "involvements", "allocations",
    )  # fmt: skip


def test_a_repaired_row_brings_its_home(tmp_path: Path):
    cells = {PLACED: "Hull", SINCE: datetime(2026, 7, 1), "Placement postcode": "Zz1"}
    path = workbook(tmp_path / "a.xlsx", {8: [row(8, end="never", **cells)]})
    batch = annex_a.read(path, "leeds-csc", TODAY)
    kept = annex_a.reject(path, batch.faults, tmp_path / "out")
    assert kept
    book = openpyxl.load_workbook(kept)
    names = [cell.value for cell in book["List 8"][1]]
    assert "Placement postcode" not in names
    book["List 8"].cell(2, names.index("Date Ceased to be Looked After") + 1).value = None
    book.save(kept)
    repaired = annex_a.read(kept, "leeds-csc", TODAY)
    assert not repaired.full
    assert homes(repaired) == [("L8:1234:2026-03-04:2026-07-01", "810", date(2026, 7, 1), None)]
    assert START[8] in names
