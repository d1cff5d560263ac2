"""The three shapes of the looked-after return: how each is known, refused, rejected and repaired."""

import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable
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
ROOT = Path(__file__).parents[1]
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
    page = (ROOT / "docs" / "ssda903.md").read_text()
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


# Prints how many rows a return gave, and by how many megabytes the process grew for it.
GROWTH = """
import sys
from datetime import date
from pathlib import Path
from loaders import ssda903
from tests.peak import megabytes
before = megabytes()
rows = sum(1 for row in ssda903.read(Path(sys.argv[1]), "leeds-csc", date(2026, 11, 20)).rows())
print(rows, megabytes() - before)
"""


def growth(path: Path) -> tuple[int, int]:
    """How many rows a return gives, and by how many megabytes a process grows for it."""
    words = [sys.executable, "-c", GROWTH, str(path)]
    run = subprocess.run(words, capture_output=True, text=True, check=True, timeout=120, cwd=ROOT)
    rows, size = map(int, run.stdout.split())
    return rows, size


def test_of_a_large_return_one_child_at_a_time_is_in_memory_as_rows(tmp_path: Path):
    ids = [f"C{number}" for number in range(15_000)]
    header = [f"{child},M,09/06/2015,WBRI,,," for child in ids]
    days = ["02/12/2018", "03/12/2018", "04/12/2018", "05/12/2018"]
    care = [ep(start, end, "X1", child=child) for child in ids for start, end in pairwise(days)]
    rows, size = growth(folder(tmp_path / "in", header=header, episodes=care))
    assert rows == 1 + 2 * len(ids)
    assert size < 60


def many(path: Path, ids: Iterable[str]) -> Path:
    """XML of children with five episodes each."""
    days = [f"{day:02}/12/2018" for day in range(1, 7)]
    care = [ep(start, end, "X1", child="C1") for start, end in pairwise(days)]
    text = as_xml(path, {"header": KNOWN, "episodes": care}).read_text()
    child = text[text.index("<CHILD>") : text.index("</EXPSSDA903>")]
    with (path / "in.xml").open("w") as file:
        file.write("<EXPSSDA903>")
        file.writelines(child.replace(">C1<", f">{one}<") for one in ids)
        file.write("</EXPSSDA903>")
    return path / "in.xml"


def test_memory_does_not_grow_with_the_xml(tmp_path: Path):
    sizes = []
    for count in (1_000, 5_000):
        rows, size = growth(many(tmp_path, (f"C{number}" for number in range(count))))
        assert rows == 1 + 2 * count
        sizes.append(size)
    assert sizes[1] < sizes[0] + 4


def test_a_child_who_comes_again_in_the_xml_is_one_child(tmp_path: Path):
    episodes = [ep("02/12/2018", "16/05/2019", "X1"), ep("16/05/2019", rne="L")]
    texts = [as_xml(tmp_path, {"header": KNOWN, "episodes": [one]}).read_text() for one in episodes]
    parts = [text[text.index("<CHILD>") : text.index("</EXPSSDA903>")] for text in texts]
    other = parts[0].replace(">C1<", ">C2<")
    path = tmp_path / "in.xml"
    path.write_text(f"<EXPSSDA903>{parts[0]}\n{other}{parts[1].replace('C1', ' C1 ')}</EXPSSDA903>")
    batch = read(path)
    assert not batch.faults
    assert sorted(tie.record for tie in batch.involvements) == ["C1:2018-12-02", "C2:2018-12-02"]
    assert [tie.period.open for tie in batch.involvements if tie.child == "C1"] == [True]
    assert [row.record for row in batch.children] == ["C2", "C1"]
    again = "is in this table before; what differs is not taken"
    places = [
        (warning.file, warning.line) for warning in batch.warnings if warning.sentence == again
    ]
    assert places == [("in.xml/CHILD 3", 2)]


def test_two_births_of_a_child_who_comes_again_refuse_both(tmp_path: Path):
    path = many(tmp_path, ["C1", "C2", "C1"])
    path.write_text(path.read_text().replace("09/06/2015", "09/06/2014", 1))
    batch = read(path)
    assert [(fault.file, fault.column) for fault in batch.faults] == [
        ("in.xml/CHILD 1", "DOB"), ("in.xml/CHILD 3", "DOB"),
    ]  # fmt: skip
    kept = ssda903.reject(path, batch.faults, tmp_path / "out")
    assert kept
    assert kept.read_text().count(">C1<") == 2
    assert len(read(kept).faults) == 2


def test_xml_with_more_than_a_return_has_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = many(tmp_path, ["C1", "C2", "C1"])
    monkeypatch.setattr("loaders.ssda903.xml_shape.MOST_HELD", 3_000)
    with pytest.raises(BadInput, match="has many children in more than one CHILD"):
        read(path)
    monkeypatch.setattr("loaders.ssda903.xml_shape.MOST_CHILDREN", 2)
    with pytest.raises(BadInput, match=r"in\.xml has more than 2 children, as no return has"):
        read(path)


def test_progress_with_xml_ends_where_the_file_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("loaders.batches.monotonic", iter(range(1000)).__next__)
    told: list[tuple[str, int, int]] = []
    path = many(tmp_path, ["C1"])
    list(ssda903.read(path, "leeds-csc", TODAY, True, lambda *step: told.append(step)).stream)
    size = path.stat().st_size
    assert told == [("in.xml", size, 2 * size), ("in.xml", 2 * size, 2 * size)]
