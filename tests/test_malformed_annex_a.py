"""A hundred broken lists of Annex A, and a hundred broken workbooks: refused, or every row accounted for."""

import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest

from graph.rows import Batch
from loaders import annex_a
from tests.test_annex_a import END, HEADERS, START, row
from tests.test_malformed import HALF, JUNK, Files, cut, held_to_its_words, noise, sign

Lists = dict[int, list[list[Any]]]
CELLS: list[Any] = [
    *(text.replace("\0", "").replace("\x07", "") for text in JUNK),
    True, False, 0, -1, 1.5, 1e300, 10**18, 46085, date(2015, 1, 1), datetime(1900, 1, 1),
    datetime(2150, 1, 1), timedelta(days=400), datetime(2015, 1, 1, 13).time(), None,
    "=A2", "=A2+1", "=D2-99999", "=NOW()", "=zz", "=D1048577+1", "=XFD1", '="zz"&A1',
]  # fmt: skip


def good_annex(random: Random) -> Lists:
    return {
        number: [HEADERS[number]]
        + [
            row(
                number,
                Child_Unique_ID=990_000 + number * 100 + n,
                Date_of_Birth=datetime(2015, 6, n),
                Allocated_Worker="Zzworker Zzname",
                Organisation_completing_assessment="Zzteam",
                end=datetime(2026, 5, n) if n % 2 else None,
            )
            for n in range(1, 5)
        ]
        for number in sorted(random.sample(list(HEADERS), 3))
    }


def _annex_cell(random: Random, lists: Lists) -> None:
    number = random.choice(list(lists))
    known = {"Child Unique ID", "Date of Birth", "Allocated Team", "Allocated Worker"}
    known |= {START.get(number, ""), END.get(number, "")}
    known |= {"LA of Placement", "Start Date of Most Recent Placement"}
    columns = [place for place, header in enumerate(HEADERS[number]) if header in known]
    random.choice(lists[number][1:])[random.choice(columns)] = random.choice(CELLS)


def _annex_row(random: Random, lists: Lists) -> None:
    random.shuffle(random.choice(lists[random.choice(list(lists))][1:]))


def _annex_repeat(random: Random, lists: Lists) -> None:
    rows = lists[random.choice(list(lists))]
    rows.append(list(random.choice(rows[1:])))


def _annex_header(random: Random, lists: Lists) -> None:
    number = random.choice(list(lists))
    header = list(HEADERS[number])
    at, other = random.sample(range(len(header)), 2)
    header[at] = random.choice([None, header[other], lists[number][1][at], "zz", 7])
    lists[number][0] = header


def _annex_columns(random: Random, lists: Lists) -> None:
    number = random.choice(list(lists))
    header = list(HEADERS[number])
    random.shuffle(header)
    lists[number][0] = header


def _annex_drop(random: Random, lists: Lists) -> None:
    rows = lists[random.choice(list(lists))]
    del rows[0 if len(rows) < 3 else random.choice([0, 1])]


ANNEX_CHANGES = [_annex_cell] * 5 + [
    _annex_row,
    _annex_repeat,
    _annex_header,
    _annex_columns,
    _annex_drop,
]


def save(path: Path, lists: Lists) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for number, rows in lists.items():
        sheet = book.create_sheet(f"List {number}")
        for cells in rows:
            sheet.append(cells)
    book.save(path)


def taken_and_refused(batch: Batch) -> tuple[set[tuple[str, int]], set[tuple[str, int]]]:
    taken = {(tie.file, tie.line) for tie in batch.involvements}
    assert len(taken) == len(batch.involvements)
    return taken, {(fault.file, fault.line) for fault in batch.faults}


@pytest.mark.parametrize("case", range(HALF))
def test_broken_annex_a(tmp_path: Path, case: int):
    random = Random(case)
    lists = good_annex(random)
    for _ in range(case % 4):
        random.choice(ANNEX_CHANGES)(random, lists)
    ANNEX_CHANGES[case % len(ANNEX_CHANGES)](random, lists)
    save(tmp_path / "a.xlsx", lists)
    batch = held_to_its_words(annex_a.read, tmp_path / "a.xlsx")
    if batch is None:
        return
    taken, refused = taken_and_refused(batch)
    assert refused.isdisjoint(taken)
    assert taken | refused == {
        (f"a.xlsx/List {number}", line)
        for number, rows in lists.items()
        for line, cells in enumerate(rows[1:], 2)
        if not _event(lists[number][0], cells)
    }


def _event(header: list[Any], cells: list[Any]) -> bool:
    """A referral without further action: the one row that leaves nothing."""
    said = dict(zip(header, cells, strict=False)).get("Referral NFA?")
    return str(said).casefold() in ("yes", "true", "1")


def _part(random: Random, parts: Files, kind: str = "") -> str:
    return random.choice([name for name in parts if kind in name])


def _xml(pattern: bytes, *values: bytes) -> Callable[[Random, Files], None]:
    """Change one match of a pattern in one sheet."""

    def mutate(random: Random, parts: Files) -> None:
        name = _part(random, parts, "sheets/")
        found = random.choice(list(re.finditer(pattern, parts[name])))
        parts[name] = (
            parts[name][: found.start()] + random.choice(values) + parts[name][found.end() :]
        )

    return mutate


def _part_cut(random: Random, parts: Files) -> None:
    name = _part(random, parts)
    parts[name] = cut(random, parts[name])


def _part_noise(random: Random, parts: Files) -> None:
    name = _part(random, parts)
    parts[name] = noise(random, parts[name])


def _part_gone(random: Random, parts: Files) -> None:
    del parts[_part(random, parts)]


def _part_taken(random: Random, parts: Files) -> None:
    parts[_part(random, parts)] = parts[_part(random, parts)]


PART_CHANGES: list[Callable[[Random, Files], None]] = [
    _part_cut,
    _part_noise,
    _part_gone,
    _part_taken,
    _xml(
        rb"<v>[^<]*</v>", b"<v>zz</v>", b"<v>1e999</v>", b"<v/>", b"<v>-9</v>", b"", b"<v>9e9</v>"
    ),
    _xml(rb' t="\w+"', b' t="s"', b' t="b"', b' t="d"', b' t="e"', b' t="zz"', b' t="n"', b""),
    _xml(rb' s="\d+"', b' s="999"', b' s="zz"', b' s="-1"', b""),
    _xml(rb"<is>.*?</is>", b"<is/>", b"<is><r><t>zz</t></r></is>", b"<f>zz</f>", b"<zz>"),
    _xml(rb"<sheetData>", b'<!DOCTYPE z [<!ENTITY z "zz">]><sheetData>', b"<sheetData><zz/>"),
    _xml(rb"<row ", b'<row hidden="1" ', b'<row zz="1" ', b"<zz "),
]


@pytest.mark.parametrize("case", range(HALF))
def test_broken_workbook(tmp_path: Path, case: int):
    random, path = Random(case), tmp_path / "a.xlsx"
    save(path, good_annex(random))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    PART_CHANGES[case % len(PART_CHANGES)](random, parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    if case % 5 == 0:
        path.write_bytes(random.choice([cut, noise, sign])(random, path.read_bytes()))
    batch = held_to_its_words(annex_a.read, path)
    if batch is None:
        return
    taken, refused = taken_and_refused(batch)
    assert refused.isdisjoint(taken)
    rows = sum(data.count(b"<row ") for name, data in parts.items() if "sheets/" in name)
    lists = sum(b"<row " in data for name, data in parts.items() if "sheets/" in name)
    assert len(taken | refused) == rows - lists
