"""Annex A workbooks, as case systems and Excel really write them."""

import re
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from graph.model import InvolvementKind, Sex
from graph.rows import TABLES, Batch, Fault
from loaders import annex_a
from loaders.annex_a.lists import LISTS, bare

TODAY = date(2026, 11, 20)
SAMPLE = Path(__file__).parents[2] / "shared" / "data" / "annex_a" / "Annex_A_2024_Jan.xlsx"

ANY = ["Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age"]
HELD = ["Allocated Team", "Allocated Worker"]
HEADERS = {
    2: [*ANY, "Assessment start date", "Assessment completion date",
        "Organisation completing assessment"],
    3: [*ANY, "Date of Referral", "Referral Source", "Referral NFA?", *HELD],
    4: [*ANY, "Continuous Assessment Start Date", "Continuous Assessment Date of Authorisation",
        *HELD],
    5: [*ANY, "Strategy discussion initiating Section 47 Enquiry Start Date",
        "Date of Initial Child Protection Conference", *HELD],
    6: [*ANY, "CIN Start Date", "Primary Need Code", "CIN Closure Date", "Reason for Closure",
        *HELD],
    7: [*ANY, "Child Protection Plan Start Date", "Child Protection Plan End Date", *HELD],
    8: [*ANY, "Date Started to be Looked After", "Date Ceased to be Looked After",
        "Start Date of Most Recent Placement", "LA of Placement",
        "Placement postcode", *HELD],
    9: [*ANY, *HELD, "Allocated Personal Advisor", "Eligibility Category"],
}  # fmt: skip
BORN = datetime(2015, 6, 9)
WHO: dict[str, Any] = {
    "Child Unique ID": 1234,
    "Gender": "b) Female",
    "Ethnicity": "a) WBRI",
    "Date of Birth": BORN,
    "Age": 11.4,
    "Allocated Team": "Locality 4 Unit 1",
    "Allocated Worker": "Amina\xa0Yusuf",
}
START = {
    number: headers[5]
    for number, headers in HEADERS.items()
    if number != 9
}  # fmt: skip
END = {2: HEADERS[2][6], 4: HEADERS[4][6], 5: HEADERS[5][6], 6: "CIN Closure Date"}
END |= {7: HEADERS[7][6], 8: HEADERS[8][6]}


def row(number: int, **more: Any) -> list[Any]:
    """One row of a list: the usual child, with `start`, `end` and cells by header changed."""
    cells = {**WHO, "Eligibility Category": "b) Former relevant child", "Referral NFA?": "No"}
    cells |= {START.get(number, ""): more.pop("start", datetime(2026, 3, 4))}
    cells |= {END.get(number, ""): more.pop("end", None)}
    cells |= {name.replace("_", " "): value for name, value in more.items()}
    return [cells.get(header) for header in HEADERS[number]]


def workbook(path: Path, lists: dict[int, Iterable[list[Any]]], **titles: str) -> Path:
    """A workbook with these lists, each under its usual header."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for number, rows in lists.items():
        sheet = book.create_sheet(titles.get(f"list{number}", f"List {number}"))
        for cells in (HEADERS[number], *rows):
            sheet.append(cells)
    book.save(path)
    return path


def load(tmp_path: Path, **lists: Iterable[list[Any]]) -> Batch:
    rows = {int(name.removeprefix("list")): rows for name, rows in lists.items()}
    return annex_a.read(workbook(tmp_path / "a.xlsx", rows), "leeds-csc", TODAY)


def change(path: Path, part: str, old: bytes, new: bytes) -> None:
    """Change one part of a workbook's zip."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def said(faults: Iterable[Fault]) -> list[tuple[int, str, str]]:
    return [(fault.line, fault.column, fault.sentence) for fault in faults if fault.column]


def test_every_list_becomes_involvements(tmp_path: Path):
    lists = {number: [row(number, Child_Unique_ID=number * 100)] for number in HEADERS}
    batch = annex_a.read(workbook(tmp_path / "a.xlsx", lists), "leeds-csc", TODAY)
    assert not batch.faults
    assert not batch.warnings
    assert (batch.feed, batch.full) == ("annex-a", True)
    assert [tie.record for tie in batch.involvements] == [
        *(f"L{number}:{number}00:2026-03-04" for number in range(2, 9)),
        "L9:900:-",
    ]
    assert [tie.kind for tie in batch.involvements] == [
        InvolvementKind.EARLY_HELP,
        InvolvementKind.REFERRAL,
        InvolvementKind.ASSESSMENT,
        InvolvementKind.ENQUIRY,
        InvolvementKind.CHILD_IN_NEED,
        InvolvementKind.CHILD_PROTECTION,
        InvolvementKind.LOOKED_AFTER,
        InvolvementKind.CARE_LEAVER,
    ]
    assert [child.record for child in batch.children] == [str(n * 100) for n in HEADERS]
    assert batch.involvements[0].file == "a.xlsx/List 2"
    assert batch.involvements[0].line == 2


def test_the_headers_are_those_of_the_docs():
    page = (Path(__file__).parents[1] / "docs" / "annex-a.md").read_text()
    said = re.findall(r"^\| ([2-9]) [^|]*\|[^|]*\|(.*)\|$", page, flags=re.M)
    lists = {each.number: each for each in LISTS}
    assert [int(number) for number, _ in said] == list(lists)
    for number, cells in said:
        patterns = lists[int(number)].patterns.values()
        for header in (h.strip() for h in cells.replace("|", ",").split(",")):
            known = any(pattern.fullmatch(bare(header)) for pattern in patterns)
            assert known or header in ("", "not known"), header


def test_a_child_is_known_by_birth_date_and_sex_only(tmp_path: Path):
    batch = load(tmp_path, list6=[row(6)])
    identity = batch.children[0].identity
    assert identity.model_dump(exclude_defaults=True) == {
        "birth_date": BORN.date(),
        "sex": Sex.FEMALE,
    }


def test_nothing_else_of_the_case_is_kept(tmp_path: Path):
    content = {"Ethnicity": "Zz1", "Age": "Zz2", "Placement_postcode": "Zz3", "Gender": "Zz4"}
    batch = load(tmp_path, list8=[row(8, **content)], list6=[row(6, Primary_Need_Code="Zz5")])
    rows = [row for table in TABLES for row in getattr(batch, table)]
    assert len(rows) == 7
    assert "Zz" not in "".join(one.model_dump_json() for one in rows)


def test_a_referral_without_further_action_leaves_nothing(tmp_path: Path):
    answers = ["Yes", "a) Yes", "b) No", None, "perhaps", 1, False]
    rows = [row(3, Child_Unique_ID=n, **{"Referral NFA?": a}) for n, a in enumerate(answers)]
    batch = load(tmp_path, list3=rows)
    assert [tie.child for tie in batch.involvements] == ["2", "3", "6"]
    assert [child.record for child in batch.children] == ["2", "3", "6"]
    assert said(batch.faults) == [(6, "Referral NFA?", "is neither yes nor no")]


@pytest.mark.parametrize(
    ("cell", "record"),
    [(9212044, "9212044"), (9212044.0, "9212044"), ("9212044.0", "9212044"), (" A/7 ", "A/7")],
)
def test_ids_become_text(tmp_path: Path, cell: Any, record: str):
    assert load(tmp_path, list6=[row(6, Child_Unique_ID=cell)]).children[0].record == record


@pytest.mark.parametrize("cell", [None, "-1", "#N/A", True, BORN, 1.5e30, "a;b", "9" * 65])
def test_ids_that_cannot_be(tmp_path: Path, cell: Any):
    batch = load(tmp_path, list6=[row(6, Child_Unique_ID=cell)])
    assert [(f.column, f.record) for f in batch.faults if f.column] == [("Child Unique ID", None)]
    assert {fault.table for fault in batch.faults if fault.record is None} >= {
        "involvements", "children", "allocations",
    }  # fmt: skip


def test_a_child_in_several_lists_is_one(tmp_path: Path):
    batch = load(
        tmp_path,
        list4=[row(4, Date_of_Birth=None, Gender="c) Not stated/recorded")],
        list6=[row(6)],
        list7=[row(7, Date_of_Birth=datetime(2014, 1, 1))],
    )
    (child,) = batch.children
    assert (child.identity.birth_date, child.identity.sex) == (BORN.date(), Sex.FEMALE)
    assert (child.file, child.line) == ("a.xlsx/List 4", 2)
    assert said(batch.warnings) == [
        (2, "Date of Birth", "differs from List 4, line 2, which is taken")
    ]


def test_repeats_of_a_record_are_numbered(tmp_path: Path):
    rows = [row(5), row(5, Allocated_Team="Locality 2"), row(5)]
    batch = load(tmp_path, list5=rows)
    base = "L5:1234:2026-03-04"
    assert [tie.record for tie in batch.involvements] == [base, f"{base}#2", f"{base}#3"]
    assert len({tie.record for tie in batch.allocations}) == 3


def test_what_a_refused_row_stood_for_is_not_taken_for_ended(tmp_path: Path):
    rows = [row(6, end="never"), row(6, Child_Unique_ID=2, Allocated_Worker="Chidi Okafor")]
    batch = load(tmp_path, list6=rows)
    assert {(fault.table, fault.record) for fault in batch.faults} == {
        ("involvements", "L6:1234:2026-03-04"),
        ("allocations", "L6:1234:2026-03-04:amina-yusuf"),
        ("practitioners", "amina-yusuf/locality-4-unit-1"),
        ("children", "1234"),
    }
    assert len({(fault.file, fault.line) for fault in batch.faults}) == 1


@pytest.mark.skipif(not SAMPLE.exists(), reason="the shared sample is not beside this checkout")
def test_the_published_sample():
    """Lists 2 to 9 hold 5, 6, 5, 5, 5, 7, 5 and 6 rows; no referral is without further action.

    All five rows of List 8 name an authority that is made up (Home Town, Other Town 1).
    """
    batch = annex_a.read(SAMPLE, "home-town", date(2024, 1, 31))
    assert not batch.faults
    assert [len(getattr(batch, table)) for table in ("children", "involvements")] == [43, 44]
    assert len(batch.services) == 17
    assert len(batch.allocations) == 20
    assert not batch.homes
    assert [(fault.file[-6:], fault.line, fault.column) for fault in batch.warnings] == [
        ("List 7", 8, "Child Protection Plan Start Date"),
        *(("List 8", line, "LA of Placement") for line in (2, 3, 4)),
        ("List 8", 5, "LA of Placement"),
        ("List 8", 5, "Date Started to be Looked After"),
        ("List 8", 6, "LA of Placement"),
    ]
