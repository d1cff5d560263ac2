"""Annex A workbooks, as case systems and Excel really write them."""

import re
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from graph.errors import BadInput
from graph.model import Agency, Part, Profession, ServiceKind, Sex
from graph.rows import Batch, Fault
from loaders import annex_a
from loaders.annex_a_lists import LISTS, bare
from loaders.cells import slug
from loaders.csv_tables import record_id

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
    assert "Zz" not in batch.model_dump_json()


def test_team_worker_and_allocation(tmp_path: Path):
    batch = load(tmp_path, list7=[row(7)])
    (team,), (post,), (tie,) = batch.services, batch.practitioners, batch.allocations
    assert (team.record, team.authority) == ("locality-4-unit-1/", None)
    assert (team.service.name, team.service.agency) == ("Locality 4 Unit 1", Agency.SOCIAL_CARE)
    assert post.record == "amina-yusuf/locality-4-unit-1"
    assert post.practitioner.name == "Amina Yusuf"
    assert (post.period.from_, post.period.to) == (None, None)
    assert tie.record == "L7:1234:2026-03-04:amina-yusuf"
    assert (tie.child, tie.practitioner, tie.service) == (
        "1234",
        "amina-yusuf",
        "locality-4-unit-1",
    )
    assert (tie.period.from_, tie.part) == (None, Part.ALLOCATED_WORKER)


def test_early_help_is_its_own_agency(tmp_path: Path):
    names = ["Top Town Academy", "Early Help Locality 2", "#N/A", "Young People's Drug Service"]
    rows = [
        row(2, Child_Unique_ID=n, Organisation_completing_assessment=name)
        for n, name in enumerate(names, 1)
    ]
    services = [row.service for row in load(tmp_path, list2=rows).services]
    assert {service.agency for service in services} == {Agency.EARLY_HELP}
    assert [(service.id, service.kind, service.sensitive) for service in services] == [
        ("top-town-academy", ServiceKind.SCHOOL, False),
        ("early-help-locality-2", ServiceKind.EARLY_HELP, False),
        ("early-help", ServiceKind.EARLY_HELP, False),
        ("young-peoples-drug-service", ServiceKind.SUBSTANCE_MISUSE, True),
    ]


@pytest.mark.parametrize(
    "missing", ["#N/A", "NULL", "-", "x", "Not known", "Unspecified", "#REF!", "", " \xa0", -1]
)
def test_a_missing_team_and_worker_leave_the_involvement(tmp_path: Path, missing: Any):
    batch = load(tmp_path, list6=[row(6, Allocated_Team=missing, Allocated_Worker=missing)])
    assert batch.involvements[0].service == "childrens-social-care"
    assert batch.services[0].service.name == "Children's social care"
    assert not batch.practitioners
    assert not batch.faults


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("Yusuf, Amina", "Amina Yusuf"),
        ("Amina Yusuf (agency)", "Amina Yusuf"),
        ("  Amina \u200b\xa0 Yusuf ", "Amina Yusuf"),
        ("Zoë O’Neil-Ash", "Zoë O’Neil-Ash"),
        ("Locality 4 Duty Team", None),
    ],
)
def test_names_of_workers(tmp_path: Path, cell: str, name: str | None):
    batch = load(tmp_path, list6=[row(6, Allocated_Worker=cell)])
    assert [post.practitioner.name for post in batch.practitioners] == ([name] if name else [])
    assert not batch.warnings[7:]


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("Amina Yusuf", "AMINA  yusuf"),
        ("Zoë O’Neil-Ash", "Zoe O'Neil Ash"),
        ("Children's Team", "Childrens team"),
    ],
)
def test_spellings_of_one_name_are_one_id(name: str, same: str):
    assert slug(name) == slug(same)


def test_ids_of_names_are_ids_and_differ():
    names = [
        "李明",
        "李华",
        "Łukasz Ø",
        "Łukasz Å",
        "A" * 80,
        "A" * 79,
        "Søren",
        "Sren",
        "Amina Yusuf",
    ]
    ids = [slug(name) for name in names]
    assert len(set(ids)) == len(names)
    assert all(record_id(each) and len(each) <= 48 for each in ids)


def test_a_name_that_cannot_be_is_a_warning_and_the_involvement_stays(tmp_path: Path):
    batch = load(tmp_path, list6=[row(6, Allocated_Worker="Zz 0113 496 0000")])
    assert len(batch.involvements) == 1
    assert not batch.allocations
    warning = batch.warnings[-1]
    assert warning.column == "Allocated Worker"
    assert "Zz" not in warning.sentence
    assert warning.sentence.endswith("the row is taken without it")


def test_an_allocation_stands_only_while_the_involvement_is_open(tmp_path: Path):
    ends = [
        None,
        datetime(1900, 1, 1),
        "31/12/9999",
        TODAY + timedelta(days=9),
        TODAY,
        datetime(2026, 5, 1),
    ]
    rows = [row(5, Child_Unique_ID=n, end=end) for n, end in enumerate(ends)]
    batch = load(tmp_path, list5=rows)
    assert [tie.child for tie in batch.allocations] == ["0", "1", "2", "3"]
    assert [tie.period.to for tie in batch.involvements] == [
        None, None, None, date(2026, 11, 29), TODAY, date(2026, 5, 1),
    ]  # fmt: skip


def test_a_personal_adviser_is_one(tmp_path: Path):
    cells = {"Allocated_Worker": "Amina Yusuf", "Allocated_Personal_Advisor": "Chidi Okafor"}
    both = {"Allocated_Worker": "Chidi Okafor", "Allocated_Personal_Advisor": "Chidi Okafor"}
    batch = load(tmp_path, list9=[row(9, **cells), row(9, Child_Unique_ID=2, **both)])
    assert {(tie.record, tie.part.value) for tie in batch.allocations} == {
        ("L9:1234:-:amina-yusuf", "allocated worker"),
        ("L9:1234:-:pa:chidi-okafor", "personal adviser"),
        ("L9:2:-:chidi-okafor", "allocated worker"),
        ("L9:2:-:pa:chidi-okafor", "personal adviser"),
    }
    assert {post.practitioner.id: post.practitioner.profession for post in batch.practitioners} == {
        "amina-yusuf": Profession.OTHER,
        "chidi-okafor": Profession.PERSONAL_ADVISER,
    }


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
    _change(
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
    book["Again"].delete_cols(len(HEADERS[7]) + 1)
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


def _change(path: Path, part: str, old: bytes, new: bytes) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


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
    with pytest.raises(BadInput, match="unpacks to more than 500 MB"):
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
    _change(path, part, root, bomb + root)
    with pytest.raises(BadInput, match="is not a whole Excel workbook"):
        annex_a.read(path, "leeds-csc", TODAY)


@pytest.mark.skipif(not SAMPLE.exists(), reason="the shared sample is not beside this checkout")
def test_the_published_sample():
    batch = annex_a.read(SAMPLE, "home-town", date(2024, 1, 31))
    assert not batch.faults
    assert [len(getattr(batch, table)) for table in ("children", "involvements")] == [43, 44]
    assert len(batch.services) == 17
    assert len(batch.allocations) == 20
    assert [(fault.file[-6:], fault.line) for fault in batch.warnings] == [
        ("List 7", 8),
        ("List 8", 5),
    ]
