"""The incoming folder: each delivery once, whole, dated, moved with its report; nothing lost at any stop."""

import os
import re
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from graph import BadInput, Batch, EmbeddedNeo4j, Graph, Keyring, LoadReport, LoadStopped, Source
from loaders import csv_folder
from signpost import put_away, watching
from signpost.__main__ import cli
from signpost.extract_day import day_of
from signpost.incoming import LOCK, Entry, held, stamp, waiting, whole
from signpost.screen import out
from signpost.watching import Watch
from tests import test_annex_a, test_ods, test_ssd
from tests.world import STEWARD

SERVICES = "service,name,agency\nT1,Leeds Front Door,social care\n"
CHILDREN = (
    "child,nhs_number,family_name,given_name,birth_date\n"
    "C1,9990000018,Okafor,Chidi,2015-06-09\nC2,9990000026,Nowak,Zofia,2014-02-03\n"
)
INVOLVED = "involvement,child,service,from\n" + "".join(
    f"I{n},C1,T1,2020-01-{n:02}\n" for n in range(1, 11)
)
FILES = {"services": SERVICES, "children": CHILDREN, "involvements": INVOLVED}
SOURCE = Source.model_validate(
    {
        "id": "leeds-sc",
        "name": "Leeds",
        "authority": "383",
        "agency": "social care",
        "basis": "public task",
    }
)
ROOT = Path(__file__).parent.parent


@pytest.fixture
def box(
    graph: Graph, server: EmbeddedNeo4j, keyring: Keyring, home: Path, tmp_path: Path, monkeypatch
) -> Path:
    """The folder of a registered source in an incoming folder, on the server and keys of this run."""
    made = server.connection()
    keyring.write(home / "keys" / "keyring.json")
    password = home / "keys" / "own"
    password.write_text(made.password)
    password.chmod(0o600)
    monkeypatch.setattr(out, "width", 500)
    monkeypatch.setenv("SIGNPOST_NEO4J_URI", made.uri)
    monkeypatch.setenv("SIGNPOST_NEO4J_USER", made.user)
    monkeypatch.setenv("SIGNPOST_NEO4J_PASSWORD_FILE", str(password))
    graph.load(STEWARD, SOURCE)
    folder = tmp_path / "incoming" / SOURCE.id
    folder.mkdir(parents=True)
    return folder


def send(folder: Path, **files: str) -> Path:
    """Put a folder of CSV files where they are not looked for, then move it into its place."""
    part = folder.with_name(f".{folder.name}")
    part.mkdir()
    for name, text in {**FILES, **files}.items():
        (part / f"{name}.csv").write_text(text)
    return part.rename(folder)


def sample(path: Path) -> Path:
    """A report of one NHS organisation, put where it belongs when it is whole."""
    part = path.with_name(f".{path.name}")
    return test_ods.report(part, test_ods.line()).rename(path)


def once(box: Path, status: int = 0) -> str:
    """Run the watch once over the incoming folder, and return what it said."""
    words = ["watch", str(box.parent), "--once", "--settle", "0"]
    result = CliRunner().invoke(cli, words, catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result.output


def receipts(box: Path, where: str) -> list[Path]:
    folder = box / where
    return sorted(folder.iterdir()) if folder.exists() else []


def report(receipt: Path) -> str:
    return (receipt / "report.txt").read_text()


def involvements(bare) -> int:
    """How many are in force."""
    text = "MATCH ()-[e:INVOLVED_WITH]->() WHERE e.key IS NOT NULL RETURN count(e) AS n"
    return bare(text)[0]["n"]


def versions(bare) -> int:
    """Every version of every edge of a load, in force or not."""
    return bare("MATCH ()-[e]->() WHERE e.record IS NOT NULL RETURN count(e) AS n")[0]["n"]


def test_a_delivery_is_loaded_once_and_moved_with_its_report(box: Path, bare) -> None:
    send(box / "extract 2026-11-20")
    said = once(box)
    assert "leeds-sc done/" in said
    assert "csv of 2026-11-20: 13 read, 13 new, 0 changed" in said
    [receipt] = receipts(box, "done")
    assert sorted(one.name for one in receipt.iterdir()) == [".stamp", "report.txt", "sent"]
    assert (receipt / "sent" / "extract 2026-11-20" / "children.csv").read_text() == CHILDREN
    text = report(receipt)
    assert "File: extract 2026-11-20\nExtract of: 2026-11-20, as its name says\nKind: csv" in text
    assert involvements(bare) == 10
    assert once(box) == ""
    assert receipts(box, "taken") == receipts(box, "failed") == []


def test_everything_that_is_kept_is_its_owners_only(box: Path) -> None:
    sent = send(box / "one 2026-11-20", involvements=INVOLVED + "I99,C1,T1,never\n")
    (sent / "children.csv").chmod(0o666)
    once(box)
    modes = {
        stat.S_IMODE(one.stat().st_mode)
        for folder in ("taken", "done")
        for one in (box / folder, *(box / folder).rglob("*"))
    }
    assert modes == {0o600, 0o700}


def test_rejected_rows_lie_beside_the_report_and_come_back_through_the_folder(
    box: Path, bare
) -> None:
    send(box / "one 2026-11-20", involvements=INVOLVED + "I99,C1,T1,never\n")
    assert "14 read, 13 new, 0 changed, 0 unchanged, 0 ended, 1 rejected" in once(box)
    [receipt] = receipts(box, "done")
    rejects = receipt / "rejects"
    assert f"signpost load csv {rejects} --source leeds-sc --extracted 2026-11-20" in report(
        receipt
    )
    assert "Rejected: involvements.csv, line 12, column from: is not a date" in report(receipt)
    file = rejects / "involvements.csv"
    file.write_text(file.read_text().replace(",never,", ",2026-03-04,"))
    rejects.rename(box / "repaired 2026-11-20")
    assert "1 read, 1 new, 0 changed, 0 unchanged, 0 ended, 0 rejected" in once(box)
    assert involvements(bare) == 11


def test_nothing_aloud_or_in_a_name_of_ours_says_the_name_of_a_file(box: Path) -> None:
    send(box / "Zzokafor Chidi 2026-11-20")
    (box / "Zznowak.txt").write_text("no extract")
    (box.parent / "nobody").mkdir()
    send(box.parent / "nobody" / "Zzadeyemi")
    said = once(box, 1)
    ours = "".join(
        str(one.relative_to(box.parent))
        for one in box.parent.rglob("*")
        if "sent" not in one.relative_to(box.parent).parts
    )
    assert "Zz" not in said + ours
    assert "File: Zznowak.txt" in report(receipts(box, "failed")[0])


def test_an_unknown_source_is_told_how_it_is_registered_and_its_file_can_be_put_back(
    box: Path, graph: Graph
) -> None:
    other = box.with_name("leeds-health")
    other.mkdir()
    send(other / "2026-11-20")
    assert "signpost source add leeds-health --help" in once(box, 1)
    [receipt] = receipts(other, "failed")
    graph.load(STEWARD, SOURCE.model_copy(update={"id": "leeds-health"}))
    words = report(receipt).split("put it back:\n  mv ")[1].split()
    Path(words[0]).rename(Path(words[1]) / Path(words[0]).name)
    assert "13 new" in once(box)


@pytest.mark.parametrize("name", ["leeds-health", "Leeds Health"])
def test_of_an_unknown_source_that_is_said_whatever_it_sent(box: Path, name: str) -> None:
    other = box.with_name(name)
    other.mkdir()
    (other / "notes.txt").write_text("Dear all\n")
    said = once(box, 1)
    assert f"No source {name} is registered. Register it first: signpost source add" in said
    assert "could not be read" not in said


def test_a_kind_that_its_source_never_sent_is_loaded_by_hand_once(box: Path, bare) -> None:
    send(box / "one 2026-11-19")
    once(box)
    before = versions(bare)
    sample(box / "2026-11-20")
    said = once(box, 1)
    assert "It is ods, and this source has only sent csv so far." in said
    assert versions(bare) == before
    [receipt] = receipts(box, "failed")
    [command] = re.findall(r"^  signpost (load ods .*)$", report(receipt), re.M)
    result = CliRunner().invoke(cli, shlex.split(command), catch_exceptions=False)
    assert result.exit_code == 0
    assert "1 new" in result.output
    sample(box / "again 2026-11-20")
    assert "1 read, 0 new, 0 changed, 1 unchanged" in once(box)


def test_a_withdrawal_is_taken_whatever_its_source_sends(box: Path, bare) -> None:
    test_ssd.extract(box / "2026-11-19", **test_ssd.STAFF, ssd_involvements=[{}])
    assert "ssd of 2026-11-19: " in once(box)
    assert involvements(bare) == 1
    (box / "w 2026-11-20").mkdir()
    (box / "w 2026-11-20" / "withdrawals.csv").write_text("child\n501\n")
    assert "csv of 2026-11-20: 1 read" in once(box)
    assert involvements(bare) == 0
    assert receipts(box, "failed") == []


def test_a_source_that_has_loaded_nothing_takes_any_kind(box: Path) -> None:
    sample(box / "2026-11-20")
    assert "ods of 2026-11-20: 1 read, 1 new" in once(box)
    send(box / "one 2026-11-19")
    assert "It is csv, and this source has only sent ods so far." in once(box, 1)


def test_repaired_rejects_of_a_kind_that_is_one_file_come_back_as_their_folder(box: Path) -> None:
    wrong = test_annex_a.row(6, start="never")
    test_annex_a.workbook(box / "a 2026-11-20.xlsx", {6: [wrong, test_annex_a.row(6)]})
    assert "1 rejected" in once(box)
    [receipt] = receipts(box, "done")
    (receipt / "rejects").rename(box / "repaired 2026-11-20")
    said = once(box)
    assert "annex-a of 2026-11-20: " in said
    assert "1 rejected" in said
    assert (receipts(box, "done")[1] / "rejects").exists()


def test_a_zip_of_our_own_csv_is_loaded(box: Path) -> None:
    folder = send(box.parent.parent / "2026-11-20")
    shutil.make_archive(str(box / "one 2026-11-20"), "zip", folder)
    assert "csv of 2026-11-20: 13 read, 13 new" in once(box)


def test_what_is_no_extract_fails_with_a_sentence(box: Path, graph: Graph) -> None:
    (box / "notes.txt").write_text("Dear all\n")
    (box / "census 2099-01-01.csv").write_text("x\n")
    (box / "from 2026-01-01 to 2026-11-20.csv").write_text("x\n")
    (box / "empty.csv").write_text("")
    said = once(box, 1)
    assert said.count("it could not be read; its report says why") == 4
    texts = "".join(map(report, receipts(box, "failed")))
    for sentence in ("of no kind that is known", "is in the future", "has several dates"):
        assert sentence in texts


def test_a_drop_that_is_too_large_is_never_accepted_by_the_folder(box: Path, bare) -> None:
    send(box / "2026-11-19")
    once(box)
    few = "".join(INVOLVED.splitlines(keepends=True)[:6])
    send(box / "2026-11-20", involvements=few)
    assert "would end 5 of the 10 involvements" in once(box, 1)
    assert involvements(bare) == 10
    [receipt] = receipts(box, "failed")
    [command] = [line for line in report(receipt).splitlines() if "--accept-drop" in line][1:]
    result = CliRunner().invoke(cli, command.split()[1:], catch_exceptions=False)
    assert "5 ended" in result.output


def test_older_extracts_are_loaded_first_whenever_they_came(box: Path, bare) -> None:
    send(box / "b 2026-11-20")
    send(box / "c 20261118", children=CHILDREN.replace("Okafor", "Okoro"))
    said = once(box)
    assert said.index("csv of 2026-11-18") < said.index("csv of 2026-11-20")
    send(box / "a 2026-11-17")
    assert "2026-11-20 from leeds-sc was begun already" in once(box, 1)


@pytest.mark.parametrize(
    ("name", "changed", "day", "how"),
    [
        ("a 2026-11-20.csv", "2026-11-21", "2026-11-20", "as its name says"),
        ("a_20261120_v2.zip", "2026-11-21", "2026-11-20", "as its name says"),
        ("2026-11-20 and 20261120", "2026-11-21", "2026-11-20", "as its name says"),
        ("a.csv", "2026-11-19", "2026-11-19", "the day of its last change"),
        ("a.csv", "2027-11-19", "2026-11-21", "the day of its last change"),
        ("9920261120.csv", "2026-11-19", "2026-11-19", "the day of its last change"),
        ("SSDA903 31-03-2026.zip", "2026-11-19", "2026-03-31", "as its name says"),
        ("SSDA903_31032026.zip", "2026-11-19", "2026-03-31", "as its name says"),
        ("a_20112026.zip", "2026-11-19", "2026-11-20", "as its name says"),
        ("leeds_2026_11_20.zip", "2026-11-21", "2026-11-20", "as its name says"),
        ("leeds 20.11.2026.zip", "2026-11-21", "2026-11-20", "as its name says"),
        ("leeds 3.4.2026", "2026-11-21", "2026-04-03", "as its name says"),
        ("leeds 20 11 2026 10.15.csv", "2026-11-21", "2026-11-20", "as its name says"),
        ("leeds 20261120101500.csv", "2026-11-21", "2026-11-20", "as its name says"),
        ("leeds202611201015.csv", "2026-11-21", "2026-11-20", "as its name says"),
        ("a 2026112010.csv", "2026-11-21", "2026-11-20", "as its name says"),
        ("a 20261120T101500Z.csv", "2026-11-21", "2026-11-20", "as its name says"),
        ("a 2026-11-20_10-11-12.csv", "2026-11-21", "2026-11-20", "as its name says"),
        ("a 31st of March 2026.zip", "2026-11-19", "2026-03-31", "as its name says"),
        ("a_3Sept2026.zip", "2026-11-19", "2026-09-03", "as its name says"),
        ("20.11.2026 is 2026-11-20", "2026-11-21", "2026-11-20", "as its name says"),
        ("SSDA903 2025-26 v2.zip", "2026-11-19", "2026-11-19", "the day of its last change"),
        ("SSDA903 2025-2026.zip", "2026-11-19", "2026-11-19", "the day of its last change"),
        ("CIN 2026 part 2 of 107131.xml", "2026-11-19", "2026-11-19", "the day of its last change"),
    ],
)
def test_the_day_of_an_extract(tmp_path: Path, name: str, changed: str, day: str, how: str) -> None:
    file = tmp_path / name
    file.write_text("x")
    at = time.mktime(time.strptime(changed, "%Y-%m-%d")) + 43_200
    os.utime(file, (at, at))
    found, known = day_of(name, stamp(file) or (), date(2026, 11, 21))
    assert (found.isoformat(), known.split(",")[0]) == (day, how)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("from 2026-01-01 to 2026-11-20.csv", "several dates"),
        ("01-04-2025 to 31-03-2026.zip", "several dates"),
        ("20_11_2026_10_15.csv", "several dates"),
        ("2026-11-21 made 20261120101500.csv", "several dates"),
        ("a 2026-11-22.csv", "in the future"),
        ("a 22.11.2026.csv", "in the future"),
        ("2026-13-41.csv", "no day of the calendar"),
        ("a 31.02.2026.csv", "no day of the calendar"),
        ("a 11-20-2026.csv", "no day of the calendar"),
        ("a 20261340.csv", "no day of the calendar"),
        ("a 31112026.csv", "no day of the calendar"),
        ("a 20261120996000.csv", "no day of the calendar"),
        ("a 31 feb 2026.csv", "no day of the calendar"),
        ("2026-1120.csv", "may be a date"),
        ("2026-11.20.csv", "may be a date"),
        ("2026-3-1.csv", "may be a date"),
        ("20.11-2026.csv", "may be a date"),
        ("a 20.11.26.csv", "may be a date"),
        ("a 26-11-20.csv", "may be a date"),
        ("SSD_v2_March2026.zip", "may be a date"),
        ("AnnexA_list_6_nov2026.xlsx", "may be a date"),
        ("Q3_Sep_2026.csv", "may be a date"),
    ],
)
def test_what_looks_like_a_date_and_is_not_exactly_one_is_not_guessed(
    tmp_path: Path, name: str, says: str
) -> None:
    (tmp_path / name).write_text("x")
    with pytest.raises(BadInput, match=rf"{says}.*, as 2026-11-20\.$"):
        day_of(name, stamp(tmp_path / name) or (), date(2026, 11, 21))


@pytest.mark.parametrize(
    "name",
    [".hidden", "a.part", "a.csv.filepart", "a.TMP", "a.csv~", "~$a.xlsx", "a.crdownload"],
)
def test_a_temporary_name_is_not_taken_alone_nor_within_a_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("half")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / name).write_text("half")
    (tmp_path / "folder" / "a.csv").write_text("whole")
    [one] = waiting(tmp_path)
    assert one.path.name == "folder"
    assert not whole(stamp(one.path) or ())


def test_what_a_mac_leaves_in_a_folder_does_not_hold_it_back(tmp_path: Path) -> None:
    for name in (".DS_Store", "._a.csv"):
        (tmp_path / name).write_text("x")
    assert not whole(stamp(tmp_path) or ())
    (tmp_path / "a.csv").write_text("x")
    assert whole(stamp(tmp_path) or ())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a source, where no database is needed."""
    made = tmp_path / "incoming" / "leeds-sc"
    made.mkdir(parents=True)
    return made


def watch_of(folder: Path, settle: float, said: list[str]) -> Watch:
    return Watch(folder.parent, settle, said.append)


def taken_by(watch: Watch, load=lambda batch: pytest.fail("nothing should be loaded")) -> None:
    watch.turn(load)


def test_what_lies_beside_the_folders_of_sources_is_said_once_and_not_named(folder: Path) -> None:
    (folder.parent / "Zzchildren.csv").write_text("x")
    (folder.parent / LOCK).write_text("")
    (folder.parent / "half.part").write_text("x")
    said: list[str] = []
    watch = watch_of(folder, 0.0, said)
    taken_by(watch)
    taken_by(watch)
    assert len(said) == 1
    assert "put it into the folder of its source, DIR/SOURCE-ID/" in said[0]
    assert "Zz" not in said[0]
    assert (folder.parent / "Zzchildren.csv").exists()


def test_what_is_unfinished_beside_the_folders_is_not_said(folder: Path) -> None:
    (folder.parent / "half.part").write_text("x")
    said: list[str] = []
    taken_by(watch_of(folder, 0.0, said))
    assert said == []


def test_a_file_is_not_taken_while_it_grows(folder: Path) -> None:
    said: list[str] = []
    watch = watch_of(folder, 0.4, said)
    file = folder / "a.csv"
    for _ in range(6):
        with file.open("a") as half:
            half.write("x" * 10)
        taken_by(watch)
        time.sleep(0.2)
    assert said == []
    time.sleep(0.4)
    taken_by(watch)
    assert "it could not be read" in said[0]
    assert not file.exists()


def test_a_folder_is_not_taken_while_anything_in_it_changes(folder: Path) -> None:
    said: list[str] = []
    watch = watch_of(folder, 0.3, said)
    inner = folder / "one" / "deep"
    inner.mkdir(parents=True)
    for number in range(4):
        (inner / f"{number}.csv").write_text("x")
        taken_by(watch)
        time.sleep(0.2)
    assert said == []
    os.utime(inner / "0.csv", (1, 1))
    taken_by(watch)
    time.sleep(0.4)
    taken_by(watch)
    assert len(said) == 1


def test_what_changes_while_it_is_read_is_read_again_and_not_put_away(folder: Path) -> None:
    said: list[str] = []
    watch = watch_of(folder, 0.0, said)
    file = send(folder / "2026-11-20") / "involvements.csv"
    turns: list[int] = []

    def load(batch):
        taken = next(folder.glob("taken/*/sent/2026-11-20/involvements.csv"))
        turns.append(len(list(batch.rows())))
        if len(turns) == 1:
            with taken.open("a") as late:
                late.write("I11,C1,T1,2020-02-02\n")
        return csv_report(batch)

    watch.turn(load)
    assert "changed while it was read" in said[0]
    assert not receipts(folder, "done")
    watch.turn(load)
    assert turns == [13, 14]
    assert [one.name for one in receipts(folder, "done")[0].glob("sent/*")] == [file.parent.name]


STALLS = """
import sys
with open(sys.argv[1], "a") as file:
    for part in sys.argv[2:]:
        file.write(part)
        file.flush()
        print("stalled", flush=True)
        sys.stdin.readline()
"""


@contextmanager
def stalled(file: Path, *parts: str) -> Iterator[Callable[[], None]]:
    """A sender that writes part after part under the final name; call it, and the next is written."""
    command = [sys.executable, "-c", STALLS, str(file), *parts]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as sender:
        assert sender.stdin
        assert sender.stdout

        def write_on() -> None:
            assert sender.stdin
            assert sender.stdout
            sender.stdin.write("\n")
            sender.stdin.flush()
            assert sender.stdout.readline() == "stalled\n"

        try:
            assert sender.stdout.readline() == "stalled\n"
            yield write_on
        finally:
            sender.kill()


def test_what_a_stalled_sender_writes_on_is_loaded_after_a_restart_too(box: Path, bare) -> None:
    lines = INVOLVED.splitlines(keepends=True)
    file = send(box / "2026-11-20", involvements="") / "involvements.csv"
    with stalled(file, "".join(lines[:5]), "".join(lines[5:8]), "".join(lines[8:])) as write_on:
        assert "7 read, 7 new" in once(box)
        assert once(box) == ""
        write_on()
        said = once(box)
        assert "its sender wrote on after it was put away" in said
        assert "10 read, 3 new, 0 changed, 7 unchanged" in said
        write_on()
        assert "13 read, 3 new, 0 changed, 10 unchanged" in once(box)
    assert once(box) == ""
    assert involvements(bare) == 10
    first, second, third = receipts(box, "done")
    assert [one.name for one in first.rglob("*.csv")] == []
    assert f"taken again under the receipt {second.name}." in report(first)
    assert "Again: its sender wrote on after it was put away" in report(third)
    assert (third / "sent" / "2026-11-20" / "involvements.csv").read_text() == INVOLVED
    assert receipts(box, "taken") == receipts(box, "failed") == []


def test_half_a_file_that_failed_is_loaded_when_its_sender_has_written_on(folder: Path) -> None:
    said: list[str] = []
    watch = watch_of(folder, 0.0, said)
    file = send(folder / "2026-11-20", involvements="") / "involvements.csv"
    with stalled(file, INVOLVED[:12], INVOLVED[12:]) as write_on:
        taken_by(watch)
        assert len(receipts(folder, "failed")) == 1
        write_on()
        watch.turn(csv_report)
    assert len(receipts(folder, "done")) == 1
    assert [line.split(" ", 3)[3].split("/")[0] for line in said] == ["failed", "failed", "done"]


def test_what_is_looked_at_or_cleared_away_after_it_was_done_is_not_taken_again(
    folder: Path,
) -> None:
    said: list[str] = []
    watch = watch_of(folder, 0.0, said)
    send(folder / "a 2026-11-19")
    send(folder / "b 2026-11-20")
    watch.turn(csv_report)
    first, second = receipts(folder, "done")
    (first / "sent" / "a 2026-11-19" / ".~lock.children.csv#").write_text("x")
    (first / "sent" / "a 2026-11-19" / "services.csv").unlink()
    shutil.rmtree(second / "sent")
    taken_by(watch)
    taken_by(watch_of(folder, 0.0, said))
    assert len(said) == 2
    assert not (second / ".stamp").exists()


def test_what_changed_while_the_folder_was_away_is_taken_again_when_it_is_back(
    folder: Path,
) -> None:
    said: list[str] = []
    watch = watch_of(folder, 0.0, said)
    file = send(folder / "2026-11-20") / "involvements.csv"
    with stalled(file, "I11,C1,T1,", "2020-02-02\n") as write_on:
        watch.turn(csv_report)
        away = folder.rename(folder.with_name("away"))
        taken_by(watch)
        write_on()
        away.rename(folder)
        watch.turn(csv_report)
    assert [one.name[-6:] for one in receipts(folder, "done")][1:] == ["-again"]
    assert len(said) == 3


def test_after_a_day_what_was_put_away_is_no_longer_looked_at(folder: Path, monkeypatch) -> None:
    monkeypatch.setattr(put_away, "KEPT", -1.0)
    said: list[str] = []
    watch = watch_of(folder, 0.0, said)
    send(folder / "2026-11-20")
    watch.turn(csv_report)
    taken_by(watch)
    [receipt] = receipts(folder, "done")
    assert not (receipt / ".stamp").exists()
    (receipt / "sent" / "2026-11-20" / "services.csv").write_text("x")
    taken_by(watch)
    assert len(said) == 1


def csv_report(batch: Batch) -> LoadReport:
    return LoadReport(source=batch.source, feed=batch.feed, extracted=batch.extracted)


def test_links_and_devices_are_not_followed(folder: Path, tmp_path: Path) -> None:
    said: list[str] = []
    secret = send(tmp_path / "elsewhere")
    (folder / "link").symlink_to(secret)
    send(folder / "within")
    (folder / "within" / "homes.csv").symlink_to(secret / "children.csv")
    os.mkfifo(folder / "pipe")
    taken_by(watch_of(folder, 0.0, said))
    texts = [report(one) for one in receipts(folder, "failed")]
    assert len(texts) == 3
    assert all("send files and folders only" in text for text in texts)
    assert (secret / "children.csv").read_text() == CHILDREN


def test_a_source_that_is_a_link_is_not_followed_and_is_told(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    send(tmp_path / "elsewhere" / "extract")
    (folder.parent / "other-source").symlink_to(tmp_path / "elsewhere")
    said: list[str] = []
    taken_by(watch_of(folder, 0.0, said))
    assert ["beside the folders of the sources" in one for one in said] == [True]
    assert (tmp_path / "elsewhere" / "extract").exists()


@pytest.mark.parametrize("name", ["taken", "done", "failed"])
def test_what_stands_in_the_place_of_our_folders_is_named_before_anything_is_taken(
    folder: Path, tmp_path: Path, name: str
) -> None:
    sent = send(folder / "extract")
    said: list[str] = []
    for make in (Path.touch, lambda place: place.symlink_to(tmp_path)):
        make(folder / name)
        taken_by(watch_of(folder, 0.0, said))
        (folder / name).unlink()
    assert len(said) == 2
    assert all(f"its {name} is no folder of its own: rename it" in one for one in said)
    assert sent.exists()


def test_a_delivery_that_is_too_deep_ends_no_other(folder: Path) -> None:
    place = folder / "deep 2026-11-01"
    for _ in range(1_200):
        place.mkdir()
        place = place / "a"
    send(folder / "bad 2026-13-41")
    try:
        taken_by(watch_of(folder, 0.0, []))
        texts = [report(one) for one in receipts(folder, "failed")]
        assert ["more than 50 deep" in text for text in texts].count(True) == 1
        assert len(texts) == 2
    finally:
        # Deeper than Python clears away.
        subprocess.run(["rm", "-rf", str(folder)], check=True)


@pytest.mark.parametrize("changed", [10**21, -(10**21)])
def test_a_last_change_that_is_no_date_is_said(changed: int) -> None:
    held = (Entry(".", stat.S_IFREG, 1, changed),)
    with pytest.raises(BadInput, match="its last change is none"):
        day_of("a.csv", held, date(2026, 11, 21))


def test_a_name_that_is_not_utf_8_fails_with_a_sentence(folder: Path) -> None:
    name = os.fsdecode(b"Zz\xe9.csv")
    (folder / name).write_text("x")
    said: list[str] = []
    taken_by(watch_of(folder, 0.0, said))
    assert "Zz" not in said[0]
    assert "is not UTF-8" in report(receipts(folder, "failed")[0])


def test_a_fault_of_a_loader_ends_nothing_but_its_file(folder: Path, monkeypatch) -> None:
    def broken(*words: object) -> None:
        raise KeyError("Zzcontent")

    monkeypatch.setattr(csv_folder, "files_of", broken)
    said: list[str] = []
    send(folder / "2026-11-20")
    taken_by(watch_of(folder, 0.0, said))
    text = said[0] + report(receipts(folder, "failed")[0])
    assert "Signpost cannot read it (KeyError)" in text
    assert "Zzcontent" not in text


def test_what_cannot_be_loaded_now_waits_and_is_told_once(folder: Path, monkeypatch) -> None:
    monkeypatch.setattr(watching, "PAUSE", 0.3)
    said: list[str] = []
    watch = watch_of(folder, 0.0, said)
    send(folder / "2026-11-20")
    tries = []

    def full(batch):
        tries.append(batch)
        raise LoadStopped("Make room.")

    for _ in range(3):
        watch.turn(full)
        time.sleep(0.2)
    assert len(tries) == 2
    assert [line.split(" ", 2)[2] for line in said] == ["leeds-sc Make room."]
    time.sleep(0.3)
    watch.turn(csv_report)
    assert len(receipts(folder, "done")) == 1


@contextmanager
def running(box: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """The watch as a process of its own; killed at the end where it still runs."""
    command = [sys.executable, "-m", "signpost", "watch", str(box.parent), "--settle", "1", *words]
    with subprocess.Popen(
        command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                process.kill()


def line_of(process: subprocess.Popen[str], words: str) -> str:
    """Read what it says until a line has these words."""
    assert process.stdout
    said = []
    for line in process.stdout:
        said.append(line)
        if words in line:
            return line
    raise AssertionError(f"it ended and never said {words}: {said}")


def test_a_watch_takes_what_comes_and_ends_in_order(box: Path, bare) -> None:
    with running(box) as process:
        line_of(process, "Watching")
        send(box / "one 2026-11-20")
        assert "13 new" in line_of(process, "done/")
        part = box / "two 2026-11-20.part"
        send(part, involvements=INVOLVED + "I11,C1,T1,2020-02-02\n")
        time.sleep(4)
        assert part.exists()
        part.rename(box / "two 2026-11-20")
        assert "1 new" in line_of(process, "done/")
        process.send_signal(signal.SIGTERM)
        line_of(process, "Stopped. What was in hand is done")
        assert process.wait(30) == 0
    assert involvements(bare) == 11


def test_a_second_watch_says_so_and_stops(box: Path) -> None:
    with held(box.parent), running(box) as process:
        assert "Another signpost watch works on this folder" in line_of(process, "Another")
        assert process.wait(30) == 1
    assert stat.S_IMODE((box.parent / LOCK).stat().st_mode) == 0o600
    with held(box.parent):
        pass


def test_what_was_in_hand_at_a_kill_is_taken_again_and_nothing_is_twice(box: Path, bare) -> None:
    many = INVOLVED + "".join(f"J{n},C1,T1,2021-01-01\n" for n in range(20_000))
    send(box / "one 2026-11-20", involvements=many)
    with running(box) as process:
        line_of(process, "Watching")
        while process.poll() is None and not involvements(bare):
            time.sleep(0.01)
        process.kill()
        process.wait()
    assert list(box.glob("taken/*/sent/*"))
    assert 0 < involvements(bare) < 20_010
    assert receipts(box, "done") == []
    (box / "taken" / "20200101-000000" / "sent").mkdir(parents=True)
    assert "20,013 read" in once(box)
    assert involvements(bare) == 20_010
    before = versions(bare)
    assert len(receipts(box, "done")) == 1
    assert receipts(box, "taken") == []
    send(box / "again 2026-11-20", involvements=many)
    assert "0 new, 0 changed, 20,013 unchanged, 0 ended" in once(box)
    assert versions(bare) == before


def test_while_neo4j_is_away_the_file_stays_and_is_told_once(
    box: Path, server: EmbeddedNeo4j, monkeypatch, bare
) -> None:
    told: list[str] = []

    def hear(line: str) -> None:
        told.append(line)
        out.print(line, markup=False, soft_wrap=True)

    monkeypatch.setattr("signpost.commands.watch.PAUSE", 0.5)
    monkeypatch.setattr("signpost.commands.watch._say", hear)
    send(box / "one 2026-11-20")

    def bring_back() -> None:
        while not any("tried again" in said for said in told):
            time.sleep(0.1)
        time.sleep(2)  # some more tries find nothing, and say nothing
        server.start(lambda what, done, total: None)
        while not receipts(box, "done"):
            time.sleep(0.1)
        os.kill(os.getpid(), signal.SIGTERM)

    server.stop()
    helper = threading.Thread(target=bring_back)
    helper.start()
    words = ["watch", str(box.parent), "--settle", "0"]
    result = CliRunner().invoke(cli, words, catch_exceptions=False)
    helper.join()
    assert result.exit_code == 0
    assert result.output.count("Nothing is lost; it is tried again") == 1
    assert result.output.count("13 new") == 1
    assert involvements(bare) == 10
