"""The schools register where it is wrong: each fault, its repair, and files that are broken."""

import csv
import re
import stat
import zipfile
from pathlib import Path
from random import Random

import pytest

from graph import Graph
from graph.errors import BadInput
from loaders import gias
from tests.test_gias import (
    ELM,
    GROUPS,
    LINKS,
    REGISTER,
    SCHOOLS,
    TODAY,
    csv_of,
    link,
    links_file,
    read,
    said,
    school,
    schools_file,
)
from tests.world import STEWARD


@pytest.fixture
def registered(graph: Graph) -> Graph:
    """The graph, with the register as a source of no authority."""
    graph.load(STEWARD, REGISTER)
    return graph


@pytest.mark.parametrize(
    ("cells", "column", "sentence", "record"),
    [
        ({"URN": ""}, "URN", "is not a URN of five or six digits", None),
        ({"URN": "1071300"}, "URN", "is not a URN of five or six digits", None),
        ({"URN": "ZZ7130"}, "URN", "is not a URN of five or six digits", None),
        ({"LA (code)": "ZZ"}, "LA (code)", "is not a DfE number of three digits, as 383", None),
        ({"EstablishmentName": " "}, "EstablishmentName", "is missing", "107130/383"),
        ({"EstablishmentName": "###"}, "EstablishmentName", "is missing", "107130/383"),
        ({"OpenDate": "31-02-2019"}, "OpenDate", "is not a date, as 04-03-2026", "107130/383"),
        ({"OpenDate": "2019-09-01"}, "OpenDate", "is not a date, as 04-03-2026", "107130/383"),
        ({"OpenDate": "01-09/2019"}, "OpenDate", "is not a date, as 04-03-2026", "107130/383"),
        ({"CloseDate": "ZZ"}, "CloseDate", "is not a date, as 04-03-2026", "107130/383"),
        ({"CloseDate": "31-08-1974"}, "CloseDate", "is before the opening", "107130/383"),
    ],
)
def test_each_fault(
    tmp_path: Path, cells: dict[str, str], column: str, sentence: str, record: str | None
):
    path = schools_file(tmp_path / "a.csv", {**ELM, **cells}, school("107131"))
    batch = read(path)
    assert [row.service.id for row in batch.services] == ["107131"]
    (fault,) = batch.faults
    assert (fault.line, fault.column, fault.sentence) == (2, column, sentence)
    assert (fault.file, fault.table, fault.record) == ("a.csv", "services", record)


def test_a_row_over_several_lines_that_is_refused_is_sure_of_nothing(tmp_path: Path):
    cells = {"EstablishmentName": "Elm\r\nRoad", "OpenDate": "never"}
    (fault,) = read(schools_file(tmp_path / "a.csv", school("107130", **cells))).faults
    assert fault.record is None


def test_a_row_of_another_width_is_refused_and_read_no_further(tmp_path: Path):
    path = schools_file(tmp_path / "a.csv", school("107130", HeadLastName="ZZHEAD"))
    wide = path.read_text().replace(",ZZHEAD", ",,,,ZZHEAD").replace("01134960001", "ZZHEAD")
    path.write_text(wide)
    batch = read(path)
    assert said(batch.faults) == [(2, "", "must have 20 cells, as the header has")]
    assert batch.faults[0].record == "107130/383"
    gias.reject(path, batch.faults, tmp_path / "out")
    assert "ZZHEAD" not in (tmp_path / "out" / "schools.csv").read_text()
    assert "107130,383,," in (tmp_path / "out" / "schools.csv").read_text()


@pytest.mark.parametrize(
    ("row", "column", "record"),
    [
        (link("", "107131", "Successor"), "URN", None),
        (link("107130", "ZZ", "Predecessor"), "LinkURN", None),
        (link("107130", "107130", "Successor"), "LinkURN", "107130/107130"),
        (link("107130", "107131", "Successor", "ZZ"), "LinkEstablishedDate", "107130/107131"),
        (link("107130", "107131", "Predecessor", "ZZ"), "LinkEstablishedDate", "107131/107130"),
    ],
)
def test_each_fault_of_a_link(tmp_path: Path, row: dict[str, str], column: str, record: str | None):
    batch = read(links_file(tmp_path / "a.csv", row, link("107132", "107133", "Successor")))
    assert [tie.record for tie in batch.successors] == ["107132/107133"]
    assert [(f.line, f.column, f.table, f.record) for f in batch.faults] == [
        (2, column, "successors", record)
    ]


def test_a_link_to_a_school_that_nobody_knows_is_refused_at_the_door(
    registered: Graph, tmp_path: Path
):
    schools_file(tmp_path / "in" / "a.csv", ELM)
    links_file(tmp_path / "in" / "b.csv", link("107130", "199999", "Successor"))
    report = registered.load(STEWARD, gias.read(tmp_path / "in", "gias", TODAY))
    (fault,) = report.faults
    assert (fault.file, fault.line, fault.table) == ("b.csv", 2, "successors")


def test_a_school_twice_in_one_file_is_refused_and_in_two_files_is_taken_once(
    registered: Graph, tmp_path: Path
):
    schools_file(tmp_path / "in" / "a.csv", ELM, school("107131"), ELM)
    schools_file(tmp_path / "in" / "b.csv", ELM, school("107132"))
    report = registered.load(STEWARD, gias.read(tmp_path / "in", "gias", TODAY))
    assert (report.new, report.rejected) == (3, 1)
    assert [(f.file, f.line) for f in report.faults] == [("a.csv", 4)]
    assert said(report.warnings) == [(2, "URN", "is in another file already; that one is taken")]


def test_rejects_are_repaired_and_loaded(tmp_path: Path):
    schools_file(tmp_path / "in" / "a.csv", school("107130", OpenDate="ZZ", Street="ZZSTREET"), ELM)
    links_file(tmp_path / "in" / "b.csv", link("107130", "ZZ", "Successor", "01-09-2019"))
    batch = read(tmp_path / "in")
    kept = gias.reject(tmp_path / "in", batch.faults, tmp_path / "out")
    assert kept == tmp_path / "out"
    paths = sorted(kept.iterdir())
    assert [path.name for path in paths] == ["links.csv", "schools.csv"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}
    links, schools = paths
    assert schools.read_text().splitlines()[0] == (
        "URN,LA (code),EstablishmentName,TypeOfEstablishment (code),EstablishmentStatus (code),"
        "OpenDate,CloseDate,LastChangedDate,TelephoneNum,reason"
    )
    assert "ZZSTREET" not in schools.read_text()
    assert gias.knows(kept)
    assert [fault.line for fault in read(kept).faults] == [2, 2]
    schools.write_text(schools.read_text().replace(",ZZ,", ",01-09-1974,"))
    links.write_text(links.read_text().replace(",ZZ,", ",147130,"))
    again = read(kept)
    assert not again.faults
    assert not again.full
    assert [row.record for row in again.services] == ["107130/383"]
    assert [row.record for row in again.successors] == ["107130/147130"]


def test_nothing_rejected_writes_nothing(tmp_path: Path):
    path = schools_file(tmp_path / "a.csv", ELM)
    assert gias.reject(path, read(path).faults, tmp_path / "out") is None
    assert not (tmp_path / "out").exists()


def test_a_zip_is_read_as_a_folder_is(tmp_path: Path):
    schools_file(tmp_path / "in" / "a.csv", school("107130", OpenDate="ZZ"), school("107131"))
    with zipfile.ZipFile(tmp_path / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(tmp_path / "in" / "a.csv", "deep/er/a.csv")
        archive.writestr("readme.txt", "")
    batch = read(tmp_path / "all.zip")
    assert [row.record for row in batch.services] == ["107131/383"]
    gias.reject(tmp_path / "all.zip", batch.faults, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["schools.csv"]


@pytest.mark.parametrize(
    ("columns", "phrase"),
    [
        (SCHOOLS, "it has the columns of the schools register's schools"),
        (LINKS, "it has the columns of the schools register's links"),
        (GROUPS, "it has the columns of the schools register's groups"),
        (["service", "name", "agency"], None),
        (["CHILD", "SEX", "DOB"], None),
        (["URN"], None),
        ([], None),
    ],
)
def test_known_by_columns(tmp_path: Path, columns: list[str], phrase: str | None):
    path = tmp_path / "edubasealldata.csv"
    path.write_text(csv_of(columns, []))
    assert gias.knows(path) == phrase


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "holds no file of the schools register"),
        (b"\x00\xff\xfe\x01" * 99, "holds no file of the schools register"),
        (b"PK\x03\x04 no zip", "is not a whole zip file"),
        (b"service,name,agency\n", "holds no file of the schools register"),
        (csv_of(GROUPS, []).encode(), "holds only groups of schools"),
        (csv_of(SCHOOLS[:-13], []).encode(), "the column OpenDate is missing"),
        (csv_of([*SCHOOLS, "URN"], []).encode(), "the column URN is there twice"),
        (b'"' + b"x" * 200_000, "a cell is longer than 128 KB"),
        (b"x" * 1_100_000, "line 1: is longer than 1 MB"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, content: bytes, sentence: str):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=sentence):
        gias.read(path, "gias", TODAY)


@pytest.mark.parametrize("tail", [b'"open', b"x" * 1_100_000, b'"a"b,c'])
def test_a_file_that_breaks_half_way_writes_nothing(
    registered: Graph, bare, tmp_path: Path, tail: bytes
):
    path = schools_file(tmp_path / "a.csv", ELM)
    path.write_bytes(path.read_bytes() + tail)
    with pytest.raises(BadInput, match=r"a\.csv, line 3"):
        registered.load(STEWARD, gias.read(path, "gias", TODAY))
    assert bare("MATCH (s:Service) RETURN count(s) AS n") == [{"n": 0}]


def test_a_zip_bomb_and_a_folder_that_is_not_there(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", csv_of(SCHOOLS, []) + "\n" * 20_000_000)
    assert gias.knows(tmp_path / "bomb.zip") is None
    for name, sentence in (("bomb.zip", "packed more than 200 times"), ("none", "is not there")):
        with pytest.raises(BadInput, match=sentence):
            gias.read(tmp_path / name, "gias", TODAY)


def test_a_stranger_in_the_folder_is_a_warning(tmp_path: Path):
    schools_file(tmp_path / "a.csv", ELM)
    (tmp_path / "governors.csv").write_text("GID,URN,Role,Surname\n1,107130,Governor,ZZ\n")
    batch = read(tmp_path)
    assert len(batch.services) == 1
    assert [(fault.file, fault.line) for fault in batch.warnings] == [("governors.csv", 1)]


_ODD = ["", " ", "ZZ", "0", "-1", "9" * 99, "31-02-2019", "01-01-1900", "01-09-2030", "#N/A", "é“",
        "=1+1", "999999", "909", "2", "4", "x" * 5_000, "a\r\nb", "\x00", "\ud7ff"]  # fmt: skip


@pytest.mark.parametrize("case", range(100))
def test_every_row_is_taken_left_out_or_refused(tmp_path: Path, case: int):
    random = Random(case)
    rows = [school(str(107130 + number)) for number in range(6)]
    for _ in range(1 + case % 8):
        random.choice(rows)[random.choice(SCHOOLS)] = random.choice(_ODD)
    text = csv_of(SCHOOLS, rows)
    if case % 3 == 0:
        place = random.randrange(len(text))
        text = text[:place] + random.choice([",", "\n", ";", "\x00", "'"]) + text[place:]
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8", newline="")
    gias.knows(path)
    try:
        batch = read(path)
    except BadInput:
        return
    taken = [row.line for row in batch.services]
    refused = {fault.line for fault in batch.faults}
    left_out = sum(
        1 + int((re.findall(r"\((\d+) more", fault.sentence) or [0])[0])
        for fault in batch.warnings
        if "left out" in fault.sentence
    )
    records = list(csv.reader(text.splitlines(keepends=True)))[1:]
    assert refused.isdisjoint(taken)
    assert len(taken) + len(refused) + left_out == sum(any(map(str.strip, r)) for r in records)
    if refused:
        kept = gias.reject(path, batch.faults, tmp_path / "out")
        assert kept
        assert len({fault.line for fault in read(kept).faults}) == len(refused)
