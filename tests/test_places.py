"""What is no file, or has a name that cannot be shown, is refused in a sentence and never opened."""

import os
import socket
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from graph import BadInput
from loaders import LOADERS, kind_of, read
from signpost.__main__ import cli
from signpost.deliveries import Delivery
from signpost.incoming import Waiting, stamp
from tests import test_annex_a, test_csv_folder, test_openreferral, test_ssd, test_ssda903

TODAY = date(2026, 11, 20)


@contextmanager
def pipe(path: Path) -> Iterator[None]:
    """A pipe that fails the test, and does not hang it, where it is opened."""
    os.mkfifo(path)
    opened = threading.Event()

    def wait() -> None:
        path.open("wb").close()
        opened.set()

    writer = threading.Thread(target=wait)
    writer.start()
    try:
        yield
        assert not opened.is_set()
    finally:
        reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        writer.join()
        os.close(reader)


@pytest.mark.parametrize("kind", [*LOADERS, "auto"])
def test_a_pipe_is_refused_unopened(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.csv"
    with (
        pipe(path),
        pytest.raises(BadInput, match=r"a\.csv is a pipe or a device: save what it gives"),
    ):
        kind_of(path) if kind == "auto" else read(kind, path, "any", TODAY)


def test_a_socket_and_a_device_are_refused(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(tmp_path / "a.xml"))
        for path in (tmp_path / "a.xml", Path("/dev/zero")):
            with pytest.raises(BadInput, match=f"{path.name} is a pipe or a device"):
                kind_of(path)


@pytest.mark.parametrize("suffix", ["csv", "json", "xml", "xlsx", "zip"])
def test_a_pipe_in_a_folder_is_passed_over(tmp_path: Path, suffix: str) -> None:
    care = {"header": test_ssda903.KNOWN, "episodes": [test_ssda903.ep("02/12/2018")]}
    made = {
        "ssda903": test_ssda903.folder(tmp_path / "ssda903", **care),
        "csv": test_csv_folder.folder(tmp_path / "csv", **test_csv_folder.GOOD),
        "ssd": test_ssd.extract(tmp_path / "ssd", ssd_person=[{}], ssd_involvements=[{}]),
        "openreferral": test_openreferral.put(
            tmp_path / "openreferral" / "o.json", [test_openreferral.ELM]
        ).parent,
    }
    for kind, folder in made.items():
        with pipe(folder / f"zz.{suffix}"):
            assert kind_of(folder)[0] == kind
            assert list(read(kind, folder, "any", TODAY).rows())


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "absent", tmp_path / "file" / "absent"):
        with pytest.raises(BadInput, match=r"^absent is not there$"):
            kind_of(path)
    with pytest.raises(BadInput, match="cannot be read"):
        read("cin", tmp_path / ("n" * 300), "any", TODAY)


ODD = {
    "no utf-8": (b"Caf\xe9", "Caf\ufffd"),
    "an escape": (b"a\x1b[2Jb", "a\ufffd[2Jb"),
    "an escape of one byte": ("a\u009b2Jb".encode(), "a\ufffd2Jb"),
    "a line": (b"a\nb", "a\ufffdb"),
    "a bell": (b"a\x07", "a\ufffd"),
    "a turn": ("a\u202efsc".encode(), "a\ufffdfsc"),
}


@pytest.mark.parametrize("what", ODD)
def test_a_name_that_cannot_be_shown_is_refused(tmp_path: Path, what: str) -> None:
    raw, seen = ODD[what]
    name = os.fsdecode(raw)
    (tmp_path / name).mkdir()
    (tmp_path / "in" / "inside").mkdir(parents=True)
    (tmp_path / "in" / "inside" / f"{name}.txt").touch()
    says = "has a sign in its name that cannot be shown: rename it"
    for path, place in ((tmp_path / name, seen), (tmp_path / "in", f"in/inside/{seen}.txt")):
        for ask in (kind_of, lambda path: read("csv", path, "any", TODAY)):
            with pytest.raises(BadInput) as caught:
                ask(path)
            assert str(caught.value) == f"{place} {says}"
    result = CliRunner().invoke(cli, ["check", "auto", str(tmp_path / "in")])
    assert isinstance(result.exception, BadInput)


@pytest.mark.parametrize("what", ODD)
def test_a_delivery_with_such_a_name_leaves_a_report_without_it(tmp_path: Path, what: str) -> None:
    raw, seen = ODD[what]
    path = tmp_path / "one" / os.fsdecode(raw)
    path.mkdir(parents=True)
    held = stamp(path)
    assert held
    delivery = Delivery(Waiting(tmp_path / "one", path, tmp_path / "one"), held)
    delivery.handle(lambda batch: pytest.fail("it was loaded"))
    text = "\n".join(delivery.lines)
    assert delivery.lines[0] == f"File: {seen}"
    assert "rename it" in text
    assert all(sign == "\n" or sign.isprintable() for sign in text)


def test_a_zip_or_a_workbook_with_such_a_name_inside_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a\x1b[2J.csv", "CHILD,DOB,UPN,SEX\nC1,01/02/2015,,1\n")
    with pytest.raises(BadInput, match=r"^a\.zip holds a file with a sign in its name"):
        kind_of(tmp_path / "a.zip")
    path = test_annex_a.workbook(tmp_path / "a.xlsx", {6: [test_annex_a.row(6)]})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data.replace(b"List 6", "List\u009b 6".encode()))
    with pytest.raises(BadInput, match=r"^a\.xlsx has a sheet with a sign in its name"):
        kind_of(path)
