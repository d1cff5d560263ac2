"""Of which kind a file is, is found by its content alone, and no loader claims another's."""

import io
import json
import os
import shutil
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random

import openpyxl
import pytest

from graph import BadInput
from loaders import LOADERS, kind_of, read, reject
from tests import (
    test_annex_a,
    test_cin,
    test_cpis,
    test_cpis_load,
    test_csv_folder,
    test_episodes,
    test_gias,
    test_ods,
    test_ods_load,
    test_openreferral,
    test_ssd,
    test_ssda903,
    test_ssda903_files,
)
from tests.test_malformed import cut, noise, sign
from tests.world import whole

TODAY = date(2026, 11, 20)
SHARED = Path(__file__).parents[2] / "shared" / "data"
CARE = {"header": test_ssda903.KNOWN, "episodes": [test_ssda903.ep("02/12/2018")]}
SSD = {"ssd_person": [{}], "ssd_involvements": [{}]}
Maker = Callable[[Path], Path]


def zipped(folder: Path) -> Path:
    """The files of a folder in a zip beside it."""
    path = folder.with_name(f"{folder.name}.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, f"in/{file.name}")
    return path


def put(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def one_of(folder: Path, name: str) -> Path:
    """One file of a folder, alone."""
    return Path(shutil.copy(folder / name, folder.with_name("alone.csv")))


def register(at: Path) -> Path:
    """The schools register and its links, in a folder."""
    test_gias.schools_file(at / "in" / "a.csv", test_gias.ELM)
    return test_gias.links_file(at / "in" / "b.csv", test_gias.link("1", "2", "Successor")).parent


def book(at: Path, *sheets: str) -> Path:
    """A workbook of something else."""
    made = openpyxl.Workbook()
    for title in sheets:
        made.create_sheet(title).append(["Name", "Date", "Cost"])
    made.save(at / "book.xlsx")
    return at / "book.xlsx"


FILES: dict[str, tuple[str, Maker]] = {
    "annex-a workbook": (
        "annex-a",
        lambda at: test_annex_a.workbook(at / "a.xlsx", {6: [test_annex_a.row(6)]}),
    ),
    "csv zip": (
        "csv",
        lambda at: zipped(test_csv_folder.folder(at / "in", **test_csv_folder.GOOD)),
    ),
    "ssd zip": ("ssd", lambda at: zipped(test_ssd.extract(at / "in", **SSD))),
    "ssd table": ("ssd", lambda at: one_of(test_ssd.extract(at / "in", **SSD), "export 0.csv")),
    "ssda903 zip": ("ssda903", lambda at: test_ssda903_files.as_zip(at, CARE)),
    "ssda903 table": (
        "ssda903",
        lambda at: one_of(test_ssda903.folder(at / "in", **CARE), "episodes.csv"),
    ),
    "ssda903 workbook": ("ssda903", lambda at: test_ssda903_files.as_workbook(at, CARE)),
    "ssda903 xml": ("ssda903", lambda at: test_ssda903_files.as_xml(at, CARE)),
    "cin": ("cin", lambda at: test_cin.census(at / "c.xml", test_cin.child(test_cin.case()))),
    "gias schools": ("gias", lambda at: one_of(register(at), "a.csv")),
    "gias links": ("gias", lambda at: one_of(register(at), "b.csv")),
    "gias zip": ("gias", lambda at: zipped(register(at))),
    "ods report": ("ods", lambda at: test_ods.report(at / "a.csv", test_ods.line())),
    "ods fhir json": (
        "ods",
        lambda at: test_ods.written(
            at / "a.json", test_ods.searchset(test_ods.organization(), test_ods.old("A1B"))
        ),
    ),
    "ods fhir xml": ("ods", lambda at: put(at / "a.xml", test_ods_load.XML)),
    "ods ord": (
        "ods",
        lambda at: test_ods.written(at / "a.json", {"Organisation": test_ods.organisation()}),
    ),
    "cpis json": ("cpis", lambda at: test_cpis.written(at / "b.json", test_cpis.usual())),
    "cpis ndjson": (
        "cpis",
        lambda at: put(
            at / "b.json", "\n".join(map(json.dumps, [test_cpis.usual(), test_cpis.usual()]))
        ),
    ),
    "cpis xml": ("cpis", lambda at: put(at / "b.xml", test_cpis_load.XML)),
    "episodes": (
        "episodes",
        lambda at: test_episodes.write(
            at / "e.json", test_episodes.graph_of(*test_episodes.usual())
        ),
    ),
    "openreferral page": (
        "openreferral",
        lambda at: test_openreferral.put(
            at / "o.json", test_openreferral.envelope(test_openreferral.ELM)
        ),
    ),
    "openreferral list": (
        "openreferral",
        lambda at: test_openreferral.put(at / "o.json", [test_openreferral.OAK]),
    ),
}
FOLDERS: dict[str, tuple[str, Maker]] = {
    "csv": ("csv", lambda at: test_csv_folder.folder(at / "in", **test_csv_folder.GOOD)),
    "csv, one table": (
        "csv",
        lambda at: test_csv_folder.folder(at / "in", homes=test_csv_folder.HOMES),
    ),
    "ssd": ("ssd", lambda at: test_ssd.extract(at / "in", **SSD)),
    "ssda903": ("ssda903", lambda at: test_ssda903.folder(at / "in", **CARE)),
    "gias": ("gias", register),
    "ods": ("ods", lambda at: test_ods.report(at / "in" / "a.csv", test_ods.line()).parent),
    "cpis": ("cpis", lambda at: test_cpis.written(at / "in" / "b.json", test_cpis.usual()).parent),
    "openreferral": (
        "openreferral",
        lambda at: test_openreferral.put(at / "in" / "o.json", [test_openreferral.ELM]).parent,
    ),
}
# What was rejected of each, by its own loader: it is of the same kind, and only adds and corrects.
BROKEN: dict[str, tuple[str, Maker]] = {
    "csv": (
        "csv",
        lambda at: test_csv_folder.folder(
            at / "in", homes=f"{test_csv_folder.HOMES}H1,C1,383,never,\n"
        ),
    ),
    "csv zip": (
        "csv",
        lambda at: zipped(
            test_csv_folder.folder(at / "in", homes=f"{test_csv_folder.HOMES}H1,C1,383,never,\n")
        ),
    ),
    "annex-a": (
        "annex-a",
        lambda at: test_annex_a.workbook(
            at / "a.xlsx", {6: [test_annex_a.row(6, start="never"), test_annex_a.row(6)]}
        ),
    ),
    "ssd": (
        "ssd",
        lambda at: test_ssd.extract(
            at / "in", **test_ssd.STAFF, ssd_involvements=[{"involvement_start_date": "never"}]
        ),
    ),
    "ssda903": (
        "ssda903",
        lambda at: test_ssda903.folder(
            at / "in", **{**CARE, "episodes": [test_ssda903.ep("31/02/2018")]}
        ),
    ),
    "ssda903 workbook": (
        "ssda903",
        lambda at: test_ssda903_files.as_workbook(
            at, {**CARE, "episodes": [test_ssda903.ep("31/02/2018")]}
        ),
    ),
    "cin": (
        "cin",
        lambda at: test_cin.census(
            at / "c.xml", test_cin.child(test_cin.case(CINreferralDate="2026-02-31"))
        ),
    ),
    "gias": (
        "gias",
        lambda at: test_gias.schools_file(
            at / "a.csv", test_gias.ELM, test_gias.school("107131", OpenDate="never")
        ),
    ),
    "ods report": (
        "ods",
        lambda at: test_ods.report(at / "a.csv", test_ods.line(), test_ods.line("A1", opened="x")),
    ),
    "ods fhir": (
        "ods",
        lambda at: test_ods.written(
            at / "a.json",
            test_ods.searchset(test_ods.organization(), test_ods.organization("A1C", name="")),
        ),
    ),
    "ods ord": (
        "ods",
        lambda at: test_ods.written(at / "a.json", [test_ods.organisation(Name="")]),
    ),
    "cpis json": (
        "cpis",
        lambda at: test_cpis.written(
            at / "b.json", test_cpis.usual(period={"start": "2026-02-30"})
        ),
    ),
    "cpis xml": ("cpis", lambda at: put(at / "b.xml", test_cpis_load.XML)),
    "episodes": (
        "episodes",
        lambda at: test_episodes.write(
            at / "e.json",
            test_episodes.graph_of(
                *test_episodes.usual(timeInformation=[{"startDateTime": "never"}])
            ),
        ),
    ),
    "openreferral": (
        "openreferral",
        lambda at: test_openreferral.put(
            at / "o.json",
            [test_openreferral.ELM, {**test_openreferral.OAK, "assured_date": "never", "name": ""}],
        ),
    ),
}


def claims(path: Path) -> list[str]:
    """Every kind whose loader claims a file."""
    return [kind for kind, loader in LOADERS.items() if loader.knows(path)]


def test_every_kind_is_here() -> None:
    assert {kind for kind, _ in (*FILES.values(), *FOLDERS.values())} == set(LOADERS)
    assert {kind for kind, _ in BROKEN.values()} == set(LOADERS)


@pytest.mark.parametrize("what", FILES)
def test_a_file_is_of_one_kind_whatever_it_is_called(tmp_path: Path, what: str) -> None:
    kind, make = FILES[what]
    made = make(tmp_path)
    for number, name in enumerate(
        ("data", "children.csv", "a.xlsx", "CIN census.xml", "epraccur.zip", "p.json", "x.PDF")
    ):
        (tmp_path / str(number)).mkdir()
        path = Path(shutil.copy(made, tmp_path / str(number) / name))
        assert claims(path) == [kind]
        assert kind_of(path)[0] == kind


@pytest.mark.parametrize("what", FOLDERS)
def test_a_folder_is_of_one_kind_whatever_it_is_called(tmp_path: Path, what: str) -> None:
    kind, make = FOLDERS[what]
    made = make(tmp_path)
    for name in ("annex-a.xlsx", "ssd", "Zz 2026"):
        path = Path(shutil.copytree(made, tmp_path / "again" / name))
        assert claims(path) == [kind]


@pytest.mark.parametrize("what", BROKEN)
def test_rejects_are_of_the_kind_whose_loader_wrote_them(tmp_path: Path, what: str) -> None:
    kind, make = BROKEN[what]
    path = make(tmp_path)
    batch = whole(read(kind, path, "any", TODAY))
    assert batch.faults
    kept = LOADERS[kind].reject(path, batch.faults, tmp_path / "out")
    assert kept
    assert claims(kept) == [kind]
    assert not read(kind, kept, "any", TODAY).full


@pytest.mark.parametrize("what", BROKEN)
def test_a_folder_around_one_file_is_taken_for_that_file(tmp_path: Path, what: str) -> None:
    kind, make = BROKEN[what]
    path = make(tmp_path)
    batch = whole(read(kind, path, "any", TODAY))
    around = tmp_path / "around"
    assert reject(kind, path, batch.faults, around)
    (around / ".DS_Store").write_text("x")
    assert kind_of(around)[0] == kind
    again = whole(read(kind, around, "any", TODAY))
    assert not again.full
    assert again.faults
    assert reject(kind, around, again.faults, tmp_path / "second")
    assert kind_of(tmp_path / "second")[0] == kind


def test_a_folder_around_two_files_of_one_kind_is_not_taken_for_either(tmp_path: Path) -> None:
    _, make = FILES["cin"]
    one = make(tmp_path)
    around = tmp_path / "around"
    around.mkdir()
    shutil.copy(one, around / "a.xml")
    assert kind_of(around)[0] == "cin"
    shutil.copy(one, around / "b.xml")
    says = r"around is of no kind that is known.*\. a\.xml by itself is cin: load each file alone"
    with pytest.raises(BadInput, match=says):
        kind_of(around)


def png(side: int = 64) -> bytes:
    """A picture."""

    def part(name: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + check

    lines = zlib.compress(Random(1).randbytes(side * (side * 3 + 1)))
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", lines) + part(b"IEND", b"")


def archive_of(**files: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("_", "."), data)
    return held.getvalue()


LAUGHS = b'<!DOCTYPE z [<!ENTITY a "zz">%s]><Message>&j;</Message>' % b"".join(
    b'<!ENTITY %c "%s">' % (letter + 1, b"&%c;" % letter * 10) for letter in b"abcdefghi"
)
STRANGE: dict[str, bytes] = {
    "nothing": b"",
    "blanks": b" \r\n\t\n" * 100,
    "nul": bytes(100_000),
    "junk": Random(1).randbytes(300_000),
    "junk like utf-16": b"\xff\xfe" + Random(2).randbytes(30_001),
    "half a letter": b"\xef\xbb",
    "a picture": png(),
    "a jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF" + Random(3).randbytes(50_000),
    "a pdf": b"%PDF-1.7\n" + Random(4).randbytes(10_000),
    "an old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5_000),
    "a zip of pictures": archive_of(a_png=png(), b_png=png()),
    "a zip of nothing": archive_of(),
    "a zip in a zip": archive_of(a_zip=archive_of(a_csv=b"x,y\n1,2\n")),
    "half a zip": archive_of(a_csv=b"pers_person_id,pers_dob\n" * 50)[:-30],
    "a bomb": archive_of(a_csv=bytes(50_000_000)),
    "billion laughs": LAUGHS,
    "text": b"Dear Amina, the child's file is not here.\n" * 20,
    "html": b"<!doctype html><html><body><table><tr><td>CHILD</td></tr></table></body></html>",
    "other xml": b"<?xml version='1.0'?><Message><Header><Collection>SWF</Collection></Header></Message>",
    "a census of schools": b"<Message><Header><CollectionDetails><Collection>SC</Collection>"
    b"</CollectionDetails></Header><Children><Child/></Children></Message>",
    "other fhir": b'{"resourceType": "Patient", "id": "P1"}',
    "a bundle of nothing": b'{"resourceType": "Bundle", "type": "collection", "entry": []}',
    "json of nothing": b"null",
    "deep json": b"[" * 200_000,
    "deep objects": b'{"a":' * 50_000,
    "a json text": b'"ServiceEpisode"',
    "half a json": b'{"contents": [{"id": "a", "name": "b", "status": "active"',
    "other csv": b"id,name,amount\n1,a,2\n",
    "csv without a header": b"1,2,3\n" * 100,
    "one line": b"x" * 3_000_000,
    "names of ours in a cell": b'notes\n"child,service,from"\n',
    "html with the words": b"<html>ServiceEpisode resourceType Bundle Flag OrgId EXPSSDA903</html>",
    "a schema": b'{"type": "object", "properties": {"id": {}, "name": {}, "status": {}, "schedules": {}}}',
}


# What is wrong with some of them, whatever they were meant to be.
WRONG = {
    **dict.fromkeys(("nothing", "blanks", "nul", "half a letter"), "is empty"),
    **dict.fromkeys(
        ("a zip of pictures", "a zip of nothing", "a zip in a zip"), "holds no CSV file"
    ),
    "an old workbook": r"is an old Excel file \(\.xls\)",
    "half a zip": "is not a whole zip file or workbook: make it again",
    "a bomb": "holds a file packed more than 200 times",
    "billion laughs": "line 1: declares a DTD or an entity",
    "html": "line 1: is not XML",
}


@pytest.mark.parametrize("what", STRANGE)
def test_what_is_none_of_ours_is_of_no_kind(tmp_path: Path, what: str) -> None:
    for name in ("data", "children.csv", "a.xlsx", "a.xml", "a.zip", "a.json"):
        assert claims(put(tmp_path / name, STRANGE[what])) == []
        wrong = WRONG.get(what, "is of no kind that is known")
        with pytest.raises(BadInput, match=rf"^{name}.* {wrong}"):
            kind_of(tmp_path / name)
    assert claims(tmp_path) == []


def locked(data: bytes) -> bytes:
    """A zip whose parts are said to be encrypted, as their flags say it."""
    return data.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")


def test_what_is_wrong_with_a_workbook_or_a_zip_is_said(tmp_path: Path) -> None:
    data = book(tmp_path).read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name.replace(".", "_"): archive.read(name) for name in archive.namelist()}
    without = archive_of(**{n: part for n, part in parts.items() if "sheet1" not in n})
    for made, says in (
        (locked(archive_of(a_csv=b"x,y\n1,2\n")), "is protected by a password"),
        (locked(archive_of(**parts)), "is protected by a password"),
        (without, "is not a whole Excel workbook"),
        (archive_of(**parts)[:-30], "is not a whole zip file"),
    ):
        with pytest.raises(BadInput, match=rf"^a\.bin {says}.* load it again"):
            kind_of(put(tmp_path / "a.bin", made))


def test_what_is_wrong_in_a_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=f"^{tmp_path.name} is empty$"):
        kind_of(tmp_path)
    put(tmp_path / "a.json", "{}")
    with pytest.raises(BadInput, match=f"^{tmp_path.name} is of no kind that is known"):
        kind_of(tmp_path)
    put(tmp_path / "b.xml", LAUGHS)
    with pytest.raises(BadInput, match=r"^b\.xml, line 1: declares a DTD"):
        kind_of(tmp_path)


# Asks as nobody, to whom what is closed is closed.
AS_NOBODY = """
import os, sys
from pathlib import Path
from graph import BadInput
from loaders import kind_of
os.chdir(sys.argv[1])
os.setuid(65_534)
try:
    kind_of(Path(sys.argv[2]))
except BadInput as problem:
    print(problem)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another")
def test_what_is_closed_to_us_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o711)
    (tmp_path / "folder").mkdir()
    put(tmp_path / "folder" / "a.csv", b"pers_person_id\n").chmod(0)
    put(tmp_path / "a.csv", b"pers_person_id\n").chmod(0)
    (tmp_path / "closed").mkdir(mode=0)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "closed").mkdir(mode=0)
    for path, name in (("a.csv", "a.csv"), ("folder", "a.csv"), ("closed", "closed"),
                       ("in", "in/closed"), ("closed/b.csv", "b.csv")):  # fmt: skip
        words = [sys.executable, "-c", AS_NOBODY, str(tmp_path), path]
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
        assert done.stdout == f"{name} cannot be read: look at its permissions\n", done.stderr


def test_a_workbook_of_something_else_and_an_empty_folder_are_of_no_kind(tmp_path: Path) -> None:
    assert claims(book(tmp_path)) == []
    assert claims(book(tmp_path, "List 6", "Episodes", "header")) == []
    (tmp_path / "empty").mkdir()
    assert claims(tmp_path / "empty") == []
    assert claims(tmp_path / "absent") == []
    with pytest.raises(BadInput, match="absent is not there"):
        kind_of(tmp_path / "absent")


def test_a_folder_of_two_kinds_is_not_guessed(tmp_path: Path) -> None:
    place = test_ssd.extract(tmp_path / "in", **SSD)
    test_gias.schools_file(place / "schools.csv", test_gias.ELM)
    with pytest.raises(BadInput, match=r"could be of several kinds .*: say which"):
        kind_of(place)


@pytest.mark.parametrize("what", FILES)
def test_knowing_never_fails_whatever_broke_the_file(tmp_path: Path, what: str) -> None:
    """No loader raises; and what is still claimed is claimed by the file's own kind, and by no other."""
    kind, make = FILES[what]
    whole_file = make(tmp_path).read_bytes()
    path = tmp_path / "broken"
    for case in range(40):
        random = Random(case)
        data = random.choice([cut, noise, sign])(random, whole_file)
        if data[:2] == b"PK" and case % 2:
            data = parts_broken(random, whole_file)
        assert claims(put(path, data)) in ([], [kind])


def parts_broken(random: Random, data: bytes) -> bytes:
    """A zip that is whole, of which one part is not."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = random.choice(list(parts))
    parts[name] = random.choice([cut, noise, sign])(random, parts[name])
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return held.getvalue()


def test_a_zip_whose_parts_disagree_about_their_names_is_of_no_kind(tmp_path: Path) -> None:
    data = archive_of(**{"\u00e9_csv": b"pers_person_id,pers_dob\n1,2\n"})
    broken = data.replace("\u00e9".encode(), b"\xff\xff", 1)
    assert claims(put(tmp_path / "a.zip", broken)) == []


# By hand, from /work/shared/data/README.md; the FHIR answers of ODS without organisations are of no kind.
SAMPLES = {
    "annex_a/Annex_A_2024_Jan.xlsx": "annex-a",
    "cin_census/sf_pipeline/BAR_cin_2022.xml": "cin",
    "cpis_fhir": "cpis",
    "cpis_fhir/CPIS-CPP-Bundle-Example.json": "cpis",
    "cpis_fhir/CPIS-CPP-Bundle-Example.xml": "cpis",
    "cpis_fhir/CPIS-CarePlan-Example.json": "cpis",
    "cpis_fhir/CPIS-CarePlan-Example.xml": "cpis",
    "cpis_fhir/CPIS-Flag-Example.json": "cpis",
    "cpis_fhir/CPIS-Flag-Example.xml": "cpis",
    "gias": "gias",
    "gias/teaching_vacancies": "gias",
    "gias/teaching_vacancies/example_groups_data.csv": "gias",
    "gias/teaching_vacancies/example_links_data.csv": "gias",
    "gias/teaching_vacancies/example_schools_data.csv": "gias",
    "nhs_ods": "ods",
    "nhs_ods/etr.csv": "ods",
    "nhs_ods/ods_fhir": "ods",
    "nhs_ods/ods_fhir/ODS-Bundle-LastChangeDateSearchResults-Example.xml": "ods",
    "nhs_ods/ods_fhir/ODS-Bundle-includeSearchResults-Example.xml": "ods",
    **{
        f"nhs_ods/ods_fhir/ODS-Organization-{code}-Example.xml": "ods"
        for code in ("4VE03", "FCE71", "FDC49", "G81086", "Q72")
    },
    "openreferral/oruk_3.0_profile": "openreferral",
    **{
        f"openreferral/oruk_3.0_profile/{name}.json": "openreferral"
        for name in (
            "organization_full",
            "service_at_location_full",
            "service_at_location_list",
            "service_full",
            "service_list",
        )
    },
    "ssda903": "ssda903",
    "ssda903/sf_liia_tools": "ssda903",
    "ssda903/sf_liia_tools/SSDA903_2020_episodes.csv": "ssda903",
    "ssda903/sf_liia_tools/SSDA903_episodes_for_testing_fixes_INPUT.csv": "ssda903",
    "ssda903/sf_pipeline": "ssda903",
    "ssda903/sf_pipeline/SSDA903_2020_episodes.csv": "ssda903",
    "ssda903/sf_pipeline/SSDA903_2020_header.csv": "ssda903",
}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the samples are not here")
def test_every_sample_is_of_its_kind_and_nothing_else_is_of_any() -> None:
    found = {
        path.relative_to(SHARED).as_posix(): claims(path) for path in sorted(SHARED.rglob("*"))
    }
    assert len(found) > 90
    assert {name: kinds for name, kinds in found.items() if kinds} == {
        name: [kind] for name, kind in SAMPLES.items()
    }


# A folder of one kind, and a file of another that its loader does not read.
BESIDE: dict[str, tuple[Maker, str]] = {
    "ssda903 and a census": (FOLDERS["ssda903"][1], "cin"),
    "ssd and a census": (FOLDERS["ssd"][1], "cin"),
    "csv and an annex a": (FOLDERS["csv"][1], "annex-a workbook"),
    "csv and a zip": (FOLDERS["csv"][1], "ssd zip"),
    "csv and an ods report": (FOLDERS["csv"][1], "ods report"),
    "gias and a census": (FOLDERS["gias"][1], "cin"),
    "openreferral and a census": (FOLDERS["openreferral"][1], "cin"),
}


@pytest.mark.parametrize("what", BESIDE)
@pytest.mark.parametrize("deep", [False, True])
def test_a_file_of_another_kind_in_a_folder_is_never_left_unread(
    tmp_path: Path, what: str, deep: bool
) -> None:
    make, other = BESIDE[what]
    place = make(tmp_path)
    kind = kind_of(place)[0]
    name, made = FILES[other]
    (tmp_path / "other").mkdir()
    file = made(tmp_path / "other")
    target = place / "deep" if deep else place
    target.mkdir(exist_ok=True)
    shutil.copy(file, target / f"zz{file.suffix}")
    with pytest.raises(BadInput, match=rf"of several kinds \({kind}: .*; {name}: .*zz") as told:
        kind_of(place)
    assert "load each by itself" in str(told.value)


@pytest.mark.parametrize("what", ["csv", "ssd", "ssda903", "gias", "cpis", "openreferral"])
def test_what_is_not_read_in_a_folder_is_warned_of(tmp_path: Path, what: str) -> None:
    kind, make = FOLDERS[what]
    place = make(tmp_path)
    before = [one.file for one in whole(read(kind, place, "any", TODAY)).warnings]
    (place / "notes").mkdir()
    put(place / "notes" / "of it.pdf", b"%PDF-1.7")
    put(place / ".DS_Store", "x")
    assert kind_of(place)[0] == kind
    batch = whole(read(kind, place, "any", TODAY))
    told = [one for one in batch.warnings if one.file not in before]
    assert [(one.file, one.sentence.split(",")[1]) for one in told] == [
        ("notes/of it.pdf", " and was not read")
    ]


def test_what_is_not_read_in_a_zip_is_warned_of(tmp_path: Path) -> None:
    place = test_ssda903.folder(tmp_path / "in", **CARE)
    shutil.copy(FILES["cin"][1](tmp_path), place / "c.xml")
    path = zipped(place)
    assert kind_of(path)[0] == "ssda903"
    assert "in/c.xml" in [one.file for one in read("ssda903", path, "any", TODAY).warnings]


def test_a_workbook_beside_the_tables_of_the_same_return_is_warned_of(tmp_path: Path) -> None:
    place = test_ssda903.folder(tmp_path / "in", **CARE)
    test_ssda903_files.as_workbook(tmp_path, CARE).rename(place / "a.xlsx")
    assert kind_of(place)[0] == "ssda903"
    assert "a.xlsx" in [one.file for one in read("ssda903", place, "any", TODAY).warnings]


def test_what_a_zip_without_tables_holds_is_said(tmp_path: Path) -> None:
    for data, says in (
        (archive_of(c_xml=b"<Message/>"), r"\.xml: take it out of the zip, and load that"),
        (archive_of(c_JSON=b"[]"), r"\.json: take it out of the zip, and load that"),
        (archive_of(c_zip=archive_of(a_csv=b"x,y")), r"\.zip: take it out"),
        (archive_of(c_txt=b"x,y"), r"\.txt: let the names of tables in CSV end in \.csv"),
    ):
        with pytest.raises(BadInput, match=rf"^a\.zip holds no CSV file, but one .* {says}"):
            kind_of(put(tmp_path / "a.zip", data))


@pytest.mark.parametrize(("sign", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "strokes")])
@pytest.mark.parametrize("suffix", [".csv", ".txt"])
def test_tables_with_another_separator_are_told_apart_from_what_is_of_no_kind(
    tmp_path: Path, sign: str, name: str, suffix: str
) -> None:
    place = test_ssd.extract(tmp_path / "in", **SSD)
    for file in place.iterdir():
        put(file, file.read_text().replace(",", sign)).rename(file.with_suffix(suffix))
    for path in (place, place / f"export 0{suffix}"):
        with pytest.raises(BadInput, match=rf"^export \d{suffix} has .*{name} between its cells"):
            kind_of(path)


def test_tables_that_do_not_end_in_csv_are_told_how_they_must(tmp_path: Path) -> None:
    place = test_ssd.extract(tmp_path / "in", **SSD)
    for file in place.iterdir():
        file.rename(file.with_suffix(".txt"))
    with pytest.raises(BadInput, match=r"export \d\.txt by itself is ssd: .* must end in \.csv$"):
        kind_of(place)
