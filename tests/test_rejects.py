"""Rejected rows go out to repair, and come back: for each loader, the whole way round."""

import csv
import stat
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from graph.errors import BadInput
from loaders import annex_a, csv_folder
from loaders.rejects import inside, reasons
from tests.test_annex_a import HEADERS, load, row, workbook
from tests.test_csv_folder import GOOD, HOMES, folder
from tests.world import whole

TODAY = date(2026, 11, 20)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def sheet(path: Path, title: str) -> list[list[Any]]:
    book = openpyxl.load_workbook(path)
    return [list(cells) for cells in book[title].iter_rows(values_only=True)]


def rejected_csv(tmp_path: Path, **files: str) -> list[Path]:
    source = folder(tmp_path / "in", **files)
    batch = whole(csv_folder.read(source, "leeds", TODAY))
    kept = csv_folder.reject(source, batch.faults, tmp_path / "out")
    return sorted(kept.iterdir()) if kept else []


def rejected_annex(tmp_path: Path, name: str = "a.xlsx") -> list[Path]:
    path = tmp_path / name
    kept = annex_a.reject(path, annex_a.read(path, "leeds", TODAY).faults, tmp_path / "out")
    return [kept] if kept else []


def test_only_files_with_rejects_are_written_for_their_owner_only(tmp_path: Path):
    homes = HOMES + 'H1,C1,383,,\nH2,"C,2",x,never,\nH3,C3,383,\n'
    (path,) = rejected_csv(tmp_path, **{**GOOD, "homes": homes})
    assert path == tmp_path / "out" / "homes.csv"
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)
    assert table(path) == [
        ["home", "child", "authority", "from", "to", "reason"],
        [
            "H2",
            "C,2",
            "x",
            "never",
            "",
            "from: is not a date, as 2026-03-04; "
            "child: is not an id: letters, digits and ._:/@-, at most 64; "
            "authority: is not a DfE number of three digits, as 383",
        ],
        ["H3", "C3", "383", "", "must have 5 cells, as the header has"],
    ]


def test_repaired_csv_loads(tmp_path: Path):
    (path,) = rejected_csv(tmp_path, homes=HOMES + "H1,C1,38,2026-02-31,\nH2,C2,383,,\n")
    path.write_text(path.read_text().replace(",38,2026-02-31", ",383,2026-02-28"))
    batch = whole(csv_folder.read(path.parent, "leeds", TODAY))
    assert not batch.full
    assert not batch.faults
    (home,) = batch.homes
    assert (home.record, home.period.from_) == ("H1", date(2026, 2, 28))


def test_csv_that_was_not_repaired_is_rejected_again_with_one_reason(tmp_path: Path):
    (first,) = rejected_csv(tmp_path, homes=HOMES + "H1,C1,38,,\nH2,C1,383,\n")
    batch = whole(csv_folder.read(first.parent, "leeds", TODAY))
    assert csv_folder.reject(first.parent, batch.faults, tmp_path / "again") == tmp_path / "again"
    second = table(tmp_path / "again" / "homes.csv")
    assert second[:2] == table(first)[:2]
    assert second[2][:4] == table(first)[2][:4]


def test_quotes_line_breaks_and_byte_order_marks_survive(tmp_path: Path):
    text = '\ufeffhome,child,authority\r\nH1,"say ""no""\n,2",383\r\n'
    (path,) = rejected_csv(tmp_path, homes=text)
    assert table(path)[1][:3] == ["H1", 'say "no"\n,2', "383"]


def test_rejects_never_overwrite(tmp_path: Path):
    source = folder(tmp_path / "in", homes=HOMES + "H1,C1,38,,\n")
    batch = whole(csv_folder.read(source, "leeds", TODAY))
    csv_folder.reject(source, batch.faults, tmp_path / "out")
    for target in (source, tmp_path / "out"):
        with pytest.raises(BadInput, match=r"homes\.csv is there already"):
            csv_folder.reject(source, batch.faults, target)
    assert (source / "homes.csv").read_text() == HOMES + "H1,C1,38,,\n"


def test_nothing_rejected_writes_nothing(tmp_path: Path):
    assert rejected_csv(tmp_path, **GOOD) == []
    workbook(tmp_path / "a.xlsx", {6: [row(6)]})
    assert rejected_annex(tmp_path) == []
    assert not (tmp_path / "out").exists()


def test_reasons_of_one_row_are_joined(tmp_path: Path):
    batch = load(tmp_path, list6=[row(6, start="never", Child_Unique_ID="?")])
    assert reasons(batch.faults) == {
        "a.xlsx/List 6": {
            2: "Child Unique ID: is not an id: letters, digits and ._:/@-, at most 64; "
            "CIN Start Date: is not a date, as 04/03/2026 or 2026-03-04"
        }
    }


def test_a_workbook_of_rejects_holds_what_is_read_and_no_more(tmp_path: Path):
    rows = [row(6, Child_Unique_ID=1), row(6, end="never", Ethnicity="Zz", Age=99)]
    workbook(tmp_path / "a.xlsx", {6: rows, 7: [row(7)]})
    (path,) = rejected_annex(tmp_path)
    assert path == tmp_path / "out" / "a.xlsx"
    assert mode(path) == 0o600
    assert openpyxl.load_workbook(path).sheetnames == ["List 6"]
    header, cells = sheet(path, "List 6")
    assert header == [
        "Child Unique ID", "Date of Birth", "Gender", "Allocated Team", "Allocated Worker",
        "CIN Start Date", "CIN Closure Date", "Reason", "Repeat",
    ]  # fmt: skip
    assert dict(zip(header, cells, strict=True)) == {
        "Child Unique ID": 1234,
        "Date of Birth": datetime(2015, 6, 9),
        "Gender": "b) Female",
        "Allocated Team": "Locality 4 Unit 1",
        "Allocated Worker": "Amina\xa0Yusuf",
        "CIN Start Date": datetime(2026, 3, 4),
        "CIN Closure Date": "never",
        "Reason": "CIN Closure Date: is not a date, as 04/03/2026 or 2026-03-04",
        "Repeat": None,
    }


@pytest.mark.parametrize("number", HEADERS)
def test_a_repaired_workbook_loads(tmp_path: Path, number: int):
    workbook(tmp_path / "a.xlsx", {number: [row(number, Date_of_Birth="09.06.15"), row(number)]})
    (path,) = rejected_annex(tmp_path)
    book = openpyxl.load_workbook(path)
    cells = book[f"List {number}"]
    cells.cell(2, [c.value for c in cells[1]].index("Date of Birth") + 1, datetime(2015, 6, 9))
    book.save(path)
    batch = annex_a.read(path, "leeds", TODAY)
    assert not batch.full
    assert not batch.faults
    assert not batch.warnings
    assert len(batch.involvements) == 1


def test_a_repaired_repeat_keeps_its_record(tmp_path: Path):
    """Row 3 is the second of its record: alone in the repair it must not take the first's."""
    workbook(tmp_path / "a.xlsx", {5: [row(5), row(5, end="never", Allocated_Team="Locality 2")]})
    (path,) = rejected_annex(tmp_path)
    book = openpyxl.load_workbook(path)
    cells = book["List 5"]
    column = [c.value for c in cells[1]].index("Date of Initial Child Protection Conference") + 1
    cells.cell(2, column).value = None
    book.save(path)
    batch = annex_a.read(path, "leeds", TODAY)
    assert [tie.record for tie in batch.involvements] == ["L5:1234:2026-03-04#2"]
    assert [tie.record for tie in batch.allocations] == ["L5:1234:2026-03-04:amina-yusuf#2"]


def test_formulas_leave_as_dates_or_as_plain_text(tmp_path: Path):
    rows = [row(6, start="=D2+1", end="=NOW()"), row(6, start='=HYPERLINK("x")', end="@SUM(1)")]
    workbook(tmp_path / "a.xlsx", {6: rows})
    (path,) = rejected_annex(tmp_path)
    book = openpyxl.load_workbook(path)
    kinds = {str(cell.value): cell.data_type for cells in book["List 6"] for cell in cells}
    assert kinds["2015-06-10 00:00:00"] == "d"
    assert kinds["=NOW()"] == kinds['=HYPERLINK("x")'] == kinds["@SUM(1)"] == "s"


def test_a_workbook_that_was_not_repaired_is_rejected_again(tmp_path: Path):
    workbook(tmp_path / "a.xlsx", {6: [row(6, end="never"), row(6, start="=NOW()")]})
    (first,) = rejected_annex(tmp_path)
    batch = annex_a.read(first, "leeds", TODAY)
    second = annex_a.reject(first, batch.faults, tmp_path / "again")
    assert second
    assert sheet(second, "List 6")[1] == sheet(first, "List 6")[1]
    assert len(sheet(second, "List 6")) == 3


@pytest.mark.parametrize("name", ["../a.csv", "b/../../a.csv", "/tmp/a.csv"])
def test_no_name_of_a_file_leads_out_of_the_folder_for_rejects(tmp_path: Path, name: str):
    with pytest.raises(BadInput, match=r"a\.csv would lie outside of the folder"):
        inside(tmp_path, name)
    assert inside(tmp_path, "b/a.csv") == tmp_path / "b" / "a.csv"
