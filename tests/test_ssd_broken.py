"""Files that break, and cells full of junk: a clear refusal, or every row accounted for."""

import re
import zipfile
from pathlib import Path
from random import Random
from typing import Any

import pytest

from graph.errors import BadInput
from graph.rows import Batch
from loaders import ods, ssd
from tests.test_malformed import JUNK
from tests.test_ssd import READ, STAFF, TODAY, USUAL, extract, folder, table
from tests.world import whole

MARKS = re.compile(r"zz|999000", re.I)


def read(path: Path) -> Batch:
    return whole(ssd.read(path, "leeds-social-care", TODAY))


def test_every_usual_encoding_is_read(tmp_path: Path):
    for number, encoding in enumerate(("utf-8", "utf-8-sig", "cp1252", "utf-16")):
        place = tmp_path / str(number)
        place.mkdir()
        lines = "\r\n".join(",".join(row) for row in table("ssd_person", {"surname": "Brontë"}))
        (place / "a.csv").write_bytes(lines.encode(encoding))
        assert [child.identity.family_name for child in read(place).children] == ["Brontë"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b'pers_person_id,pers_dob\n"1,2015-06-09\n', "a quote is opened here and not closed"),
        (b"pers_person_id,pers_dob\n" + b"z" * 1_100_000, "is longer than 1 MB"),
        (b'pers_person_id,pers_dob\n"1"x,2015-06-09\n', "a quote is followed by more than a comma"),
        (bytes(range(256)) * 9, "quote|holds no table"),
        (b"", "holds no table"),
    ],
)
def test_a_broken_file_stops_with_a_sentence(tmp_path: Path, data: bytes, sentence: str):
    (tmp_path / "a.csv").write_bytes(data)
    with pytest.raises(BadInput, match=sentence) as caught:
        read(tmp_path)
    assert not MARKS.search(str(caught.value))


def zipped(tmp_path: Path, **files: bytes) -> Path:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(f"{name}.csv", data)
    return path


def test_a_truncated_zip_and_a_bomb_are_refused(tmp_path: Path):
    good = zipped(
        tmp_path, a=(extract(tmp_path / "in", ssd_person=[{}]) / "export 0.csv").read_bytes()
    )
    data = good.read_bytes()
    good.write_bytes(data[: len(data) // 2])
    with pytest.raises(BadInput, match="is not a whole zip file"):
        read(good)
    assert ssd.knows(good) is None
    bomb = zipped(tmp_path, a=b"pers_person_id,pers_dob\n" + b"1,\n" * 10_000_000)
    with pytest.raises(BadInput, match="packed more than"):
        read(bomb)


@pytest.mark.parametrize("name", ["../a.csv", "b/../../a.csv", "/tmp/a.csv", "..\\a.csv"])
def test_a_zip_with_a_file_that_leaves_it_is_refused(tmp_path: Path, name: str):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, "pers_person_id,pers_dob\n1,2015-01-01\n")
    for reader in (ssd, ods):
        with pytest.raises(BadInput, match="outside of the folder"):
            reader.read(path, "leeds-social-care", TODAY)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_with_two_files_of_one_name_is_refused(tmp_path: Path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in (1, 2):
            archive.writestr("persons.csv", f"pers_person_id,pers_dob\n{number},2015-01-01\n")
    with pytest.raises(BadInput, match="two files of one name"):
        read(path)


def test_the_list_of_a_zip_is_read_no_more_often_for_many_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    opened: list[object] = []
    whole_zip = zipfile.ZipFile
    row = b"pers_person_id,pers_dob\n1,2015-06-09\n"

    def counted(*args: Any, **more: Any) -> zipfile.ZipFile:
        opened.append(args)
        return whole_zip(*args, **more)

    counts = []
    for count in (2, 60):
        path = zipped(tmp_path, persons=row, **{f"x{n}": b"a,b\n1,2\n" for n in range(count)})
        with monkeypatch.context() as patched:
            patched.setattr(zipfile, "ZipFile", counted)
            opened.clear()
            assert len(read(path).children) == 1
        counts.append(len(opened))
    assert counts[0] == counts[1]


def test_damage_inside_a_zip_stops_before_anything_is_said(tmp_path: Path):
    rows = b"pers_person_id,pers_dob\n" + b"".join(b"%d,2015-06-09\n" % n for n in range(20_000))
    path = zipped(tmp_path, a=rows)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(BadInput, match="is not a whole zip file"):
        read(path)


@pytest.mark.parametrize("seed", range(40))
def test_junk_in_cells_never_breaks_it_and_is_never_repeated(tmp_path: Path, seed: int):
    dice = Random(seed)
    tables: dict[str, Any] = {}
    for name in READ:
        header, *lines = table(name, *({} for _ in range(12)))
        for line in lines:
            for _ in range(dice.randint(1, 4)):
                line[dice.randrange(len(line))] = dice.choice(JUNK).replace("\ud7ff", "")
        tables[name] = [header, *lines]
    path = folder(tmp_path / "in", **tables)
    batch, told = None, ""
    try:
        batch = read(path)
    except BadInput as error:
        told = str(error)
    if batch:
        told = "\n".join(f"{fault} {fault.table}" for fault in (*batch.faults, *batch.warnings))
    assert told
    assert not MARKS.search(told)
    if batch is None:
        return
    out = ssd.reject(path, batch.faults, tmp_path / "out")
    assert (out is not None) == bool(batch.faults)
    if out:
        assert not ssd.read(out, "leeds-social-care", TODAY).full


def test_every_row_is_taken_or_refused(tmp_path: Path):
    """Rows that each make something of their own: what has no row has a fault, and none has both."""
    dice = Random(7)
    names = ("ssd_person", "ssd_involvements", "ssd_cp_plans", "ssd_cla_episodes")
    first = {"ssd_person": "person_id", "ssd_involvements": "involvements_id",
             "ssd_cp_plans": "cp_plan_id", "ssd_cla_episodes": "cla_episode_id"}  # fmt: skip
    tables: dict[str, Any] = {}
    for name in names:
        more = {"cla_id": None} if name == "ssd_cla_episodes" else {}
        said = [{first[name]: n, **dict.fromkeys(more, n), "person_id": n} for n in range(300)]
        header, *lines = table(name, *said)
        dates = [place for place, column in enumerate(header) if column.endswith(("_date", "_dob"))]
        for line in lines:
            if dice.random() < 0.5:
                line[dice.choice(dates)] = dice.choice(
                    ("x", "2015-02-30", "1900-01-01", "01/02/2015", "?")
                )
        tables[name] = [header, *lines]
    batch = read(extract(tmp_path, **{**STAFF, **tables}))
    for place, name in ((tables[one], one) for one in names):
        assert len(place) == 301, USUAL[name]
    files = {f"export {READ.index(name)}.csv" for name in names}
    taken = {(row.file, row.line) for row in batch.rows() if row.file in files}
    refused = {(fault.file, fault.line) for fault in batch.faults}
    assert not taken & refused
    assert len(taken | refused) == 4 * 300
    assert len(refused) > 100
