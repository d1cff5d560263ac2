"""A workbook that would fill the memory is refused unread, whatever it says of itself."""

import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from graph import BadInput
from loaders import workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MB = 1_000_000
ROOT = Path(__file__).parent.parent

# Prints what it says, and by how many megabytes the process grew for it.
LOOK = """
import sys
from pathlib import Path
from graph import BadInput
from loaders import kind_of, workbook
from tests.peak import megabytes
before = megabytes()
for ask in (workbook.heads, kind_of):
    try:
        print(ask(Path(sys.argv[1])))
    except BadInput as problem:
        print(problem)
print(megabytes() - before)
"""


def looked(path: Path) -> tuple[list[str], int]:
    """What is said of a workbook in a process of its own, and how many megabytes it took."""
    words = [sys.executable, "-c", LOOK, str(path)]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60, cwd=ROOT)
    *said, size = done.stdout.splitlines()
    return said, int(size)


def book(path: Path, part: str = "", data: bytes = b"", times: int = 0) -> Path:
    """A workbook with one sheet, of which one part has some bytes many times over at its middle."""
    made = openpyxl.Workbook()
    made.worksheets[0].append(["Child Unique ID", "zz"])
    made.save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {part: b"<sst></sst>"} | {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, was in parts.items():
            with archive.open(name, "w", force_zip64=True) as file:
                head, sign, tail = was.rpartition(b"</") if name == part else (was, b"", b"")
                file.write(head)
                for _ in range(times if name == part else 0):
                    file.write(data)
                file.write(sign + tail)
    return path


@pytest.mark.parametrize(
    "part",
    ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"],
)
def test_a_bomb_in_a_workbook_is_refused_unpacked(tmp_path: Path, part: str) -> None:
    path = book(tmp_path / "a.xlsx", part, b" " * MB, 300)
    assert path.stat().st_size < MB
    said, size = looked(path)
    assert (
        said
        == ["a.xlsx holds a file packed more than 200 times, as no extract is: look at it first"]
        * 2
    )
    assert size < 30


def test_a_workbook_whose_words_unpack_to_too_much_is_refused(tmp_path: Path) -> None:
    """Such a part is held in memory whole, and takes many times its size there."""
    noise = "".join(f"<si><t>{number * 2_654_435_761 % 10**9}</t></si>" for number in range(50_000))
    path = book(tmp_path / "a.xlsx", "xl/sharedStrings.xml", noise.encode(), 100)
    said, size = looked(path)
    assert (
        said
        == ["a.xlsx has a part of more than 50 MB beside its sheets, which no return needs"] * 2
    )
    assert size < 30


def test_a_large_workbook_of_one_row_again_and_again_is_no_bomb(tmp_path: Path) -> None:
    made = openpyxl.Workbook(write_only=True)
    sheet = made.create_sheet()
    for _ in range(30_000):
        sheet.append(["C1", "zz", 1, None, "M", "01/02/2015", "Leeds", "Leeds", True, 0])
    made.save(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert archive.getinfo("xl/worksheets/sheet1.xml").file_size > 10 * MB
    assert [head.size for head in workbook.heads(tmp_path / "a.xlsx")] == [0]


def ole(path: Path, size: int, directory: int, *names: str) -> Path:
    """An old file of Microsoft's, with the names of its streams in its directory."""
    head = bytearray(512)
    head[:8] = OLE
    head[30:32] = (9).to_bytes(2, "little")
    head[48:52] = (directory // 512 - 1).to_bytes(4, "little")
    with path.open("wb") as file:
        file.write(head)
        file.truncate(size)
        file.seek(directory)
        for name in names:
            file.write(name.encode("utf-16-le").ljust(128, b"\0"))
    return path


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (["Root Entry", "Workbook"], r"is an old Excel file (.xls)"),
        (["Root Entry", "Version", "DataSpaceMap", "TransformInfo", "EncryptionInfo", "EncryptedPackage"],
         "is protected by a password"),
    ],
)  # fmt: skip
def test_of_an_old_or_a_locked_workbook_the_directory_alone_is_read(
    tmp_path: Path, names: list[str], says: str
) -> None:
    path = ole(tmp_path / "a.xls", 2_200 * MB, 2_000_000_000 // 512 * 512, *names)
    said, size = looked(path)
    assert [says in one for one in said] == [True, True]
    assert size < 30


def test_a_directory_that_is_nowhere_stops_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(OLE + b"\xff" * 600)
    with pytest.raises(BadInput, match="is an old Excel file"):
        workbook.heads(path)
