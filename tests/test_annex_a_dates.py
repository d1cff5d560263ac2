"""Dates of Annex A: as Excel, case systems and people write them."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from loaders import annex_a
from tests.test_annex_a import START, TODAY, change, load, row, said, workbook


@pytest.mark.parametrize(
    "cell",
    [datetime(2026, 3, 4, 13, 30), date(2026, 3, 4), "2026-03-04", "2026-03-04T00:00:00",
     "2026-03-04 00:00:00.000", "04/03/2026", "04/03/2026 09:15", "4/3/2026", "04-03-2026",
     "04 Mar 2026", "4 march 2026", "04-Mar-2026", 46085, 46085.5, "46085", "\xa004/03/2026 "],
)  # fmt: skip
def test_dates_as_they_come(tmp_path: Path, cell: Any):
    batch = load(tmp_path, list6=[row(6, start=cell)])
    assert batch.involvements[0].period.from_ == date(2026, 3, 4)


@pytest.mark.parametrize(
    "cell",
    ["31/02/2026", "03/2026", "04.03.26", "yesterday", True, -5, 20260304, 1e300, "#VALUE!",
     timedelta(days=3), "1900-01-02", datetime(1900, 6, 1), "4 Mrz 2026", "=TODAY()", "=ZZ+1",
     "=F2", "=F2*2"],
)  # fmt: skip
def test_dates_that_cannot_be(tmp_path: Path, cell: Any):
    batch = load(tmp_path, list6=[row(6, start=cell), row(6, Child_Unique_ID=2)])
    assert [(line, column) for line, column, _ in said(batch.faults)] == [(2, "CIN Start Date")]
    assert batch.faults[0].record is None
    assert [tie.child for tie in batch.involvements] == ["2"]


@pytest.mark.parametrize("cell", [None, "NULL", "1900-01-01", datetime(1900, 1, 1), 0, 1, "#N/A"])
def test_no_start_is_an_unknown_start(tmp_path: Path, cell: Any):
    (tie,) = load(tmp_path, list6=[row(6, start=cell)]).involvements
    assert (tie.record, tie.period.from_) == ("L6:1234:-", None)


def test_formulas_without_results_are_followed(tmp_path: Path):
    rows = [
        row(6, start="=D2+10", end="=$F$2 + 5"),
        row(6, Child_Unique_ID=2, start="=F2-1", end="=H2"),
        row(6, Child_Unique_ID=3, start="=D4-9999999"),
        row(6, Child_Unique_ID=4, start="=H5+1", end="=F5+1"),
        row(6, Child_Unique_ID=5, Allocated_Team='=VLOOKUP(A6,"x",2)'),
    ]
    batch = load(tmp_path, list6=rows)
    periods = [(tie.child, tie.period.from_, tie.period.to) for tie in batch.involvements]
    assert periods == [
        ("1234", date(2015, 6, 19), date(2015, 6, 24)),
        ("2", date(2015, 6, 18), date(2015, 6, 24)),
    ]
    assert {(line, column) for line, column, _ in said(batch.faults)} == {
        (4, "CIN Start Date"), (5, "CIN Start Date"), (5, "CIN Closure Date"),
        (6, "Allocated Team"),
    }  # fmt: skip


def test_a_saved_result_of_any_formula_is_taken(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", {6: [row(6, start="=TODAY()-3")]})
    change(
        path,
        "xl/worksheets/sheet1.xml",
        b"<f>TODAY()-3</f><v />",
        b"<f>TODAY()-3</f><v>46085</v>",
    )
    batch = annex_a.read(path, "leeds-csc", TODAY)
    assert batch.involvements[0].period.from_ == date(2026, 3, 4)


def test_a_workbook_that_counts_from_1904(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", {6: [row(6)]})
    book = openpyxl.load_workbook(path)
    book.epoch = CALENDAR_MAC_1904
    book.save(path)
    batch = annex_a.read(path, "leeds-csc", TODAY)
    assert batch.involvements[0].period.from_ == date(2026, 3, 4)


def test_odd_dates_are_kept_with_a_warning(tmp_path: Path):
    early, unborn, late = datetime(2010, 2, 24), datetime(2015, 3, 1), datetime(2026, 12, 1)
    batch = load(
        tmp_path,
        list7=[row(7, start=unborn)],
        list8=[row(8, start=early), row(8, start=late), row(8, start=unborn)],
    )
    assert len(batch.involvements) == 4
    assert said(batch.warnings) == [
        (2, START[8], "is before the child was born; the row is taken"),
        (3, START[8], "is after the date of the extract; the row is taken"),
        (4, START[8], "is before the child was born; the row is taken"),
    ]


def test_an_end_before_the_start_and_a_birth_to_come_are_refused(tmp_path: Path):
    rows = [row(6, end=datetime(2026, 3, 3)), row(6, Date_of_Birth=datetime(2050, 1, 1))]
    assert said(load(tmp_path, list6=rows).faults) == [
        (2, "CIN Closure Date", "is before the start"),
        (3, "Date of Birth", "is more than nine months from today"),
    ]
