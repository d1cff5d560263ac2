"""Rejected rows of the looked-after return go out to repair, and come back, in each of its shapes."""

import csv
import stat
from pathlib import Path

import openpyxl
import pytest

from graph import BadInput, Graph
from loaders import ssda903
from tests.test_ssda903 import KNOWN, LEEDS_CSC, ep, folder
from tests.test_ssda903_files import SHAPES, Maker, as_folder, as_xml, read
from tests.test_ssda903_graph import WHOLE
from tests.world import STEWARD

BAD = {
    "header": [*KNOWN, "KID2,F,31/02/2012,ZZ,,ZZ,ZZ"],
    "episodes": [
        ep("02/12/2018"), ep("01/03/2017", "01/04/2018", "X1", child="KID2", rne="P"),
        ep("01/04/2018", "never", "E4A", child="KID2", rne="P"),
    ],
    "previous_permanence": ["C1,ZZ,P2,380,01/02/2017", "KID2,ZZ,P7,380,01/02/2014"],
}  # fmt: skip


def written(path: Path) -> str:
    """Everything that a return says, as text."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        return str([[cell.value for row in sheet for cell in row] for sheet in book.worksheets])
    files = [path] if path.is_file() else sorted(path.iterdir())
    return "\n".join(file.read_text() for file in files)


@pytest.mark.parametrize("shape", SHAPES)
def test_rejects_hold_what_is_read_and_are_their_owners_only(tmp_path: Path, shape: Maker):
    path = shape(tmp_path, BAD)
    kept = ssda903.reject(path, read(path).faults, tmp_path / "out")
    assert kept
    text = written(kept)
    for private in ("AA1 1AA", "AA2 2AA", "ZZ", "N1", "CIN", "ETHNIC", "POST"):
        assert private not in text
    assert text.count("KID2") == (1 if shape is as_xml else 4)
    assert "C1" not in text
    files = [kept] if kept.is_file() else list(kept.iterdir())
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    with pytest.raises(BadInput, match="is there already"):
        ssda903.reject(path, read(path).faults, tmp_path / "out")


@pytest.mark.parametrize("shape", SHAPES)
def test_rejects_are_refused_again_until_they_are_repaired(
    tmp_path: Path, shape: Maker, graph: Graph, bare
):
    graph.load(STEWARD, LEEDS_CSC)
    path = shape(tmp_path, BAD)
    first = read(path)
    graph.load(STEWARD, first)
    kept = ssda903.reject(path, first.faults, tmp_path / "out")
    assert kept
    again = read(kept)
    assert not again.full
    assert {(f.column, f.sentence) for f in again.faults} == {
        (f.column, f.sentence) for f in first.faults
    }
    assert ssda903.knows(kept)
    _repair(kept)
    report = graph.load(STEWARD, read(kept))
    # The child, a period, a pointer; the team is known.
    assert (report.new, report.rejected, report.ended) == (3, 0, 0)
    spans = bare("MATCH ()-[e:INVOLVED_WITH]->() RETURN toString(e.to) AS to ORDER BY to")
    assert spans == [{"to": "2019-04-01"}, {"to": None}]


def _repair(kept: Path) -> None:
    mend = {"31/02/2012": "28/02/2012", "never": "01/04/2019", "P7": "P3"}
    if kept.suffix == ".xlsx":
        book = openpyxl.load_workbook(kept)
        for sheet in book.worksheets:
            for row in sheet:
                for cell in row:
                    cell.value = mend.get(str(cell.value), cell.value)
        book.save(kept)
        return
    for file in [kept] if kept.is_file() else kept.iterdir():
        text = file.read_text()
        for old, new in mend.items():
            text = text.replace(old, new)
        file.write_text(text)


def test_rows_that_the_door_refuses_are_written_too_with_all_of_a_childs_episodes(
    tmp_path: Path, graph: Graph
):
    graph.load(STEWARD, LEEDS_CSC)
    rows = [ep("02/12/2018", "16/05/2019", "X1"), ep("16/05/2019", rne="P")]
    path = folder(tmp_path / "in", header=["C9,M,09/06/2015,,,,"], episodes=rows)
    report = graph.load(STEWARD, read(path))
    assert report.rejected == 1
    kept = ssda903.reject(path, report.faults, tmp_path / "out")
    assert kept
    with (kept / "episodes.csv").open(newline="") as file:
        reasons = [row["REASON"] for row in csv.DictReader(file)]
    assert reasons == [report.faults[0].sentence, "goes with a rejected episode of the same child"]


def test_a_row_with_too_few_cells_is_not_taken_before_somebody_looked(tmp_path: Path):
    path = folder(tmp_path / "in", header=[*KNOWN, "C2,F"])
    kept = ssda903.reject(path, read(path).faults, tmp_path / "out")
    assert kept
    assert [f.sentence for f in read(kept).faults] == ["has not as many cells as the header"]


def test_nothing_rejected_writes_nothing(tmp_path: Path):
    path = as_folder(tmp_path, WHOLE)
    assert ssda903.reject(path, read(path).faults, tmp_path / "out") is None
    assert not (tmp_path / "out").exists()
