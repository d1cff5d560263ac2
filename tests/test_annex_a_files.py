"""Annex A workbooks: known by their headers, and refused when they are broken."""

import zipfile
from pathlib import Path

import openpyxl
import pytest

from graph.errors import BadInput
from loaders import annex_a
from tests.test_annex_a import HEADERS, TODAY, change, row, said, workbook


def test_lists_are_found_by_their_headers(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", {6: [row(6)]}, list6="Current CIN")
    book = openpyxl.load_workbook(path)
    sheet = book["Current CIN"]
    for cell in sheet[1]:
        cell.value = f" {str(cell.value).upper()}\xa0 "
    sheet.insert_cols(2, 3)
    sheet.cell(1, 2, "Legal name of something new in 2024")
    sheet.insert_rows(1, 4)
    sheet.cell(1, 1, "Annex A")
    sheet.merge_cells("A1:D1")
    sheet.cell(9, 1, " ")
    book.create_sheet("Notes").append(["Child Unique ID", "anything"])
    book.create_sheet("List 4")
    book.save(path)
    batch = annex_a.read(path, "leeds-csc", TODAY)
    assert [(tie.record, tie.line) for tie in batch.involvements] == [("L6:1234:2026-03-04", 6)]
    assert [warning.sentence for warning in batch.warnings] == [
        f"has no List {number} ({what})"
        for number, what in (
            (2, "early help assessments"), (3, "referrals"), (4, "assessments"),
            (5, "section 47 enquiries"), (7, "child protection plans"),
            (8, "children looked after"), (9, "care leavers"),
        )
    ]  # fmt: skip


def test_a_workbook_is_known_by_its_headers_even_if_a_column_lacks(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", {8: [row(8)], 6: [row(6)]}, list8="Zz")
    book = openpyxl.load_workbook(path)
    book["List 6"].delete_cols(HEADERS[6].index("Allocated Team") + 1)
    book.save(path)
    assert annex_a.knows(path) == "it has the headers of Annex A's List 6, 8"


def test_what_is_no_annex_a_is_not_known(tmp_path: Path):
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    (tmp_path / "List 6.xlsx").write_bytes(b"Child Unique ID,CIN Start Date\n")
    for name in ("a.xlsx", "List 6.xlsx", "absent.xlsx", "."):
        assert annex_a.knows(tmp_path / name) is None


def test_contacts_alone_are_nothing_to_load(tmp_path: Path):
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Child Unique ID", "Date of Birth", "Date of Contact"])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(BadInput, match="contacts are events, which are not loaded"):
        annex_a.read(tmp_path / "a.xlsx", "leeds-csc", TODAY)


def test_a_hidden_sheet_is_not_read_and_said_so(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", {6: [row(6)], 7: [row(7)]})
    book = openpyxl.load_workbook(path)
    book["List 7"].sheet_state = "hidden"
    book.save(path)
    batch = annex_a.read(path, "leeds-csc", TODAY)
    assert len(batch.involvements) == 1
    assert str(batch.warnings[0]) == "a.xlsx/List 7, line 1: is hidden and was not read"


def test_merged_cells_are_a_fault_of_the_rows_they_leave_empty(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", {6: [row(6), row(6)]})
    book = openpyxl.load_workbook(path)
    book["List 6"].merge_cells("A2:A3")
    book.save(path)
    batch = annex_a.read(path, "leeds-csc", TODAY)
    assert said(batch.faults) == [(3, "Child Unique ID", "is missing")]


def test_everything_wrong_with_the_lists_is_said_at_once(tmp_path: Path):
    path = workbook(
        tmp_path / "a.xlsx", {5: [row(5)], 6: [row(6)], 7: [row(7)], 8: [row(8)]}, list8="Again"
    )
    book = openpyxl.load_workbook(path)
    book["List 5"].delete_cols(HEADERS[5].index("Allocated Team") + 1)
    book["List 6"].delete_rows(1)
    for cell, header in zip(book["Again"][1], HEADERS[7], strict=False):
        cell.value = header
    book["Again"].delete_cols(len(HEADERS[7]) + 1, len(HEADERS[8]) - len(HEADERS[7]))
    book.save(path)
    with pytest.raises(BadInput) as error:
        annex_a.read(path, "leeds-csc", TODAY)
    assert str(error.value).splitlines() == [
        "a.xlsx has a sheet List 6 without that list's headers in its first ten rows: "
        "put them back, or rename the sheet if it is none of Annex A",
        "a.xlsx holds List 7 more than once (List 7, Again): keep one",
        "a.xlsx has in the sheet List 5 not exactly one column for the allocated team of List 5",
    ]


def test_a_reason_column_makes_it_a_partial_load(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", {6: [row(6)]})
    book = openpyxl.load_workbook(path)
    book["List 6"].cell(1, len(HEADERS[6]) + 1, "Reason")
    book.save(path)
    assert not annex_a.read(path, "leeds-csc", TODAY).full


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is not a whole Excel workbook"),
        (b"Child Unique ID,Gender\n1,M\n", "is not a whole Excel workbook"),
        (OLE, r"is an old Excel file \(\.xls\)"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "is protected by a password"),
        (b"PK\x05\x06" + bytes(18), "is not a whole Excel workbook"),
    ],
)
def test_files_that_are_no_workbook(tmp_path: Path, data: bytes, words: str):
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    with pytest.raises(BadInput, match=words):
        annex_a.read(path, "leeds-csc", TODAY)


def test_places_that_are_no_workbook(tmp_path: Path):
    for place in (tmp_path, tmp_path / "absent.xlsx"):
        with pytest.raises(BadInput, match="is not a file"):
            annex_a.read(place, "leeds-csc", TODAY)
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    with pytest.raises(BadInput, match="holds none of Lists 2 to 9"):
        annex_a.read(tmp_path / "a.xlsx", "leeds-csc", TODAY)


def test_a_workbook_that_unpacks_to_too_much(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", {6: [row(6)]})
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    said = [number.to_bytes(4, "little") for number in (size, 500_000_001)]
    path.write_bytes(path.read_bytes().replace(*said))
    with pytest.raises(BadInput, match="unpacks to more than 500 MB, which no return needs"):
        annex_a.read(path, "leeds-csc", TODAY)


def test_a_sheet_whose_part_is_gone_stops_the_load(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", {6: [row(6)], 7: [row(7)]})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if "sheet2" not in name}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    with pytest.raises(BadInput, match="is not a whole Excel workbook"):
        annex_a.read(path, "leeds-csc", TODAY)


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/styles.xml"])
def test_entities_are_refused(tmp_path: Path, part: str):
    path = workbook(tmp_path / "a.xlsx", {6: [row(6)]})
    root = b"<worksheet " if "sheet1" in part else b"<styleSheet "
    bomb = b'<!DOCTYPE a [<!ENTITY a "a"><!ENTITY b "&a;&a;">]>'
    change(path, part, root, bomb + root)
    with pytest.raises(BadInput, match="is not a whole Excel workbook"):
        annex_a.read(path, "leeds-csc", TODAY)


def test_a_workbook_of_rejects_never_overwrites_one(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", {6: [row(6, start="never")]})
    faults = annex_a.read(path, "leeds-csc", TODAY).faults
    before = path.read_bytes()
    with pytest.raises(BadInput, match="is there already"):
        annex_a.reject(path, faults, tmp_path)
    assert path.read_bytes() == before
