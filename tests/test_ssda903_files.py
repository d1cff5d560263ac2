"""The three shapes of the looked-after return: how each is known, refused, rejected and repaired."""

import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest

from graph import BadInput, Batch, Row
from loaders import annex_a, csv_folder, ssda903
from loaders.ssda903.tables import READ
from tests import test_annex_a
from tests.test_csv_folder import GOOD
from tests.test_csv_folder import folder as csv_of_ours
from tests.test_ssda903 import COLUMNS, KNOWN, TODAY, ep, folder, said
from tests.test_ssda903_graph import WHOLE
from tests.world import whole

Maker = Callable[[Path, dict[str, list[str]]], Path]
DAYS = {"DOB", "DECOM", "DEC", "SW_DECOM", "SW_DEC", "DATE_PERM"}


def read(path: Path) -> Batch:
    return whole(ssda903.read(path, "leeds-csc", TODAY))


def as_folder(path: Path, tables: dict[str, list[str]]) -> Path:
    return folder(path / "in", **tables)


def as_zip(path: Path, tables: dict[str, list[str]]) -> Path:
    with zipfile.ZipFile(path / "in.zip", "w") as archive:
        for file in as_folder(path, tables).iterdir():
            archive.write(file, f"return/{file.name}")
    return path / "in.zip"


def as_workbook(path: Path, tables: dict[str, list[str]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in tables.items():
        sheet = book.create_sheet(f"Sheet {name}")
        columns = COLUMNS[name].split(",")
        for row in (columns, *(row.split(",") for row in rows)):
            sheet.append([_cell(c, v) for c, v in zip(columns, row, strict=True)])
    book.save(path / "in.xlsx")
    return path / "in.xlsx"


def _cell(column: str, value: str) -> object:
    try:
        return datetime.strptime(value, "%d/%m/%Y") if column in DAYS else value or None
    except ValueError:
        return value or None


def as_xml(path: Path, tables: dict[str, list[str]]) -> Path:
    """As csc-validator's test file: one line from end to end, empty parts as <DEC />."""
    parts = {name: [_parts(name, row) for row in rows] for name, rows in tables.items()}
    children = []
    for child, own in parts.get("header", []):
        more = [
            f"<PERMANENCE>{p}</PERMANENCE>"
            for c, p in parts.get("previous_permanence", [])
            if c == child
        ]
        eps = [f"<EPISODE>{part}</EPISODE>" for c, part in parts.get("episodes", []) if c == child]
        head = f"<CHILDID>{child}</CHILDID>{own}<AREVIEW><REVIEW /></AREVIEW>{''.join(more)}"
        children.append(f"<CHILD><HEADER>{head}</HEADER>{''.join(eps)}</CHILD>")
    text = (
        f"<?xml version='1.0' encoding='us-ascii'?>\n<EXPSSDA903>{''.join(children)}</EXPSSDA903>"
    )
    (path / "in.xml").write_text(text, encoding="ascii")
    return path / "in.xml"


def _parts(table: str, row: str) -> tuple[str, str]:
    names = [name.replace("PLACE_PROVIDER", "PP") for name in COLUMNS[table].split(",")]
    names = [{"PLACE": "PL", "PP": "PLACE_PROVIDER"}.get(name, name) for name in names]
    child, *cells = row.split(",")
    pairs = zip(names[1:], cells, strict=True)
    return child, "".join(f"<{n}>{c}</{n}>" if c else f"<{n} />" for n, c in pairs)


SHAPES = [as_folder, as_zip, as_workbook, as_xml]


def bare_rows(batch: Batch, *tables: str) -> set[str]:
    def text(row: Row) -> str:
        return str(row.model_dump(exclude={"file", "line"}))

    return {text(row) for row in batch.rows() if not tables or row.table in tables}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_a_return_says_the_same(tmp_path: Path, shape: Maker):
    batch = read(shape(tmp_path, WHOLE))
    full = read(folder(tmp_path / "whole", **WHOLE))
    assert not batch.faults
    if shape is as_xml:
        assert batch.tables == ("children", "involvements", "pointers")
        without = {name: rows for name, rows in WHOLE.items() if name != "social_worker"}
        full = read(folder(tmp_path / "without", **without))
    assert bare_rows(batch) == bare_rows(full)
    assert batch.full


COLUMNS_OF = "it has the columns of SSDA903's header, episodes, social_worker, previous_permanence"


@pytest.mark.parametrize(
    ("shape", "how"),
    [
        (as_folder, COLUMNS_OF),
        (as_zip, COLUMNS_OF),
        (as_workbook, COLUMNS_OF),
        (as_xml, "its root element is EXPSSDA903"),
    ],
)  # fmt: skip
def test_a_return_is_known_by_its_content(tmp_path: Path, shape: Maker, how: str):
    path = shape(tmp_path, WHOLE)
    moved = path.rename(tmp_path / "cin.dat")
    assert ssda903.knows(moved) == how
    assert csv_folder.knows(moved) is None
    assert annex_a.knows(moved) is None


def test_what_is_no_return_is_not_claimed(tmp_path: Path):
    ours = csv_of_ours(tmp_path / "ours", **GOOD)
    annex = test_annex_a.workbook(tmp_path / "a.xlsx", {8: [test_annex_a.row(8)]})
    (tmp_path / "cin.xml").write_text("<Message><Children><Child/></Children></Message>")
    (tmp_path / "x.bin").write_bytes(bytes(range(256)) * 9)
    (tmp_path / "empty").write_bytes(b"")
    names = ("cin.xml", "x.bin", "empty", "absent")
    for path in (ours, annex, *(tmp_path / name for name in names)):
        assert ssda903.knows(path) is None
        with pytest.raises(BadInput):
            read(path)


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfCHILD,SEX,DOB,UPN\r\nC1,M,09/06/2015,\r\n",
        b" child , Sex,dob,upn,NOTE\nC1,M,09/06/2015,,caf\xe9\n\n",
        "CHILD,DOB,UPN,SEX\nC1,09/06/2015,,M\n".encode("utf-16"),
        b"CHILD,SEX,DOB,UPN,X\nC1,M,09/06/2015,,,,\n",
        b'CHILD,SEX,DOB,UPN\n\n"C1","M"," 09/06/2015 ",\n',
    ],
)
def test_a_single_table_however_it_is_written(tmp_path: Path, data: bytes):
    (tmp_path / "episodes.csv").write_bytes(data)
    batch = read(tmp_path / "episodes.csv")
    (child,) = batch.children
    assert (child.record, child.identity.birth_date) == ("C1", date(2015, 6, 9))
    assert not batch.faults


def test_lines_are_those_of_an_editor(tmp_path: Path):
    rows = [ep("02/12/2018"), "", ep("?", child='"C\n2"'), ep("never", child="C3")]
    batch = read(folder(tmp_path, header=KNOWN, episodes=rows))
    assert [(line, column) for line, column, _ in said(batch.faults)] == [
        (4, "DECOM"), (6, "DECOM"),
    ]  # fmt: skip


def test_a_column_that_is_missing_or_twice_stops_the_load(tmp_path: Path):
    folder(tmp_path, header=KNOWN)
    (tmp_path / "e.csv").write_text("CHILD,DECOM,DEC,RNE,LS,LS,PLACE,PLACE_PROVIDER,REC\n")
    with pytest.raises(BadInput) as error:
        read(tmp_path)
    assert str(error.value).splitlines() == [
        "e.csv has more than one column LS", "e.csv has no column URN",
    ]  # fmt: skip
    assert ssda903.knows(tmp_path)


def test_strange_files_and_hidden_sheets_are_said(tmp_path: Path):
    (folder(tmp_path / "in", header=KNOWN) / "notes.csv").write_text("a,b\n1,2\n")
    assert str(read(tmp_path / "in").warnings[0]) == (
        "notes.csv, line 1: has the columns of no table of SSDA903 and was not read"
    )
    path = as_workbook(tmp_path, WHOLE)
    book = openpyxl.load_workbook(path)
    book["Sheet social_worker"].sheet_state = "hidden"
    book.save(path)
    batch = read(path)
    assert not batch.allocations
    assert (
        str(batch.warnings[0]) == "in.xlsx/Sheet social_worker, line 1: is hidden and was not read"
    )


def test_a_workbook_with_a_title_over_its_header_and_an_excel_date(tmp_path: Path):
    path = as_workbook(tmp_path, {"header": KNOWN})
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    sheet.insert_rows(1, 2)
    sheet["A1"] = "Return of 2026"
    sheet["C4"], sheet["A4"] = 42164, 77.0
    book.save(path)
    (child,) = read(path).children
    assert (child.record, child.identity.birth_date, child.line) == ("77", date(2015, 6, 9), 4)


def test_xml_with_what_is_not_known_says_so_once(tmp_path: Path):
    path = as_xml(tmp_path, {"header": KNOWN})
    worker = "<SWEPISODE><SW_ID>SW1</SW_ID></SWEPISODE>"
    path.write_text(path.read_text().replace("</HEADER>", f"</HEADER>{worker * 2}"))
    batch = read(path)
    assert said(batch.warnings) == [
        (2, "SWEPISODE", "is an element that is not known and was not read")
    ]
    assert not batch.allocations
    alone = "is XML, of which no form with social workers is known: send that table as CSV"
    assert alone in {warning.sentence for warning in batch.warnings}


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.csv", b"", "holds none of the tables"),
        ("a.csv", b"\x00\x01\x02\xff" * 500, "holds none|is not CSV"),
        ("a.csv", b"CHILD,DOB,UPN,SEX\n" + b"x" * 1_000_001, "line 2: is longer than 1 MB"),
        ("a.csv", b'CHILD,DOB,UPN,SEX\n"C1,09/06/2015', "line 2: a quote is opened"),
        ("a.zip", b"PK\x03\x04" + bytes(90), "is not a whole zip file"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "is an old Excel file"),
        ("a.xml", b"<EXPSSDA903><CHILD>", "line 1: ends before its root does"),
        ("a.xml", b"<EXPSSDA903><CHILD></HEADER>", "line 1: an end tag does not fit"),
        ("a.xml", b"<Message></Message>", "its root element is not EXPSSDA903"),
        ("a.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><EXPSSDA903>&b;</EXPSSDA903>", "declares a DTD"),
        ("a.xml", b"<?xml version='1.0' encoding='klingon'?><EXPSSDA903/>", "encoding"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_one_sentence(
    tmp_path: Path, name: str, data: bytes, words: str
):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(BadInput, match=words):
        read(tmp_path / name)


def test_a_zip_that_is_a_bomb_is_refused(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * 20_000_000)
    with pytest.raises(BadInput, match="packed more than 200 times"):
        read(tmp_path / "a.zip")
    assert ssda903.knows(tmp_path / "a.zip") is None


def test_a_truncated_zip_is_refused(tmp_path: Path):
    path = as_zip(tmp_path, WHOLE)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(BadInput, match="is not a whole zip file"):
        read(path)


def test_the_columns_are_those_of_the_docs():
    page = (Path(__file__).parents[1] / "docs" / "ssda903.md").read_text()
    rows = re.findall(r"^\| ([a-z_]+) \| (CHILD, .*) \|$", page, flags=re.M)
    assert rows == [(kind.name, ", ".join(kind.columns)) for kind in READ]


def test_a_date_that_is_a_formula_without_its_result_is_followed(tmp_path: Path):
    path = as_workbook(tmp_path, {"header": KNOWN, "episodes": [ep("02/12/2018")]})
    book = openpyxl.load_workbook(path)
    book["Sheet episodes"]["H2"] = "=B2+10"
    book["Sheet header"]["E2"] = "=A2&1"
    book.save(path)
    batch = read(path)
    assert [tie.period.to for tie in batch.involvements] == [date(2018, 12, 12)]
    assert [(child.record, child.identity.upn) for child in batch.children] == [("C1", None)]
    assert not batch.faults


# Prints by how many megabytes the process grew for a return, and how many rows it gave.
GROWTH = """
import resource, sys
from datetime import date
from pathlib import Path
from loaders import ssda903
size = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000
before = size()
batch = ssda903.read(Path(sys.argv[1]), "leeds-csc", date(2026, 11, 20))
rows = sum(1 for row in batch.rows())
print(rows, size() - before)
"""


def test_of_a_large_return_one_child_at_a_time_is_in_memory_as_rows(tmp_path: Path):
    ids = [f"C{number}" for number in range(15_000)]
    header = [f"{child},M,09/06/2015,WBRI,,," for child in ids]
    days = ["02/12/2018", "03/12/2018", "04/12/2018", "05/12/2018"]
    care = [ep(start, end, "X1", child=child) for child in ids for start, end in pairwise(days)]
    path = folder(tmp_path / "in", header=header, episodes=care)
    words = [sys.executable, "-c", GROWTH, str(path)]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=120)
    rows, size = map(int, done.stdout.split())
    assert rows == 1 + 2 * len(ids)
    assert size < 60
