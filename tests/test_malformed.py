"""Two hundred broken inputs for each loader: a clear refusal, or every row accounted for."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest

from graph.errors import BadInput
from graph.rows import Batch
from loaders import annex_a, csv_folder
from loaders.csv_tables import CSV_TABLES
from tests.test_annex_a import END, HEADERS, START, row

TODAY = date(2026, 11, 20)
CASES = 200
HALF = 100
MARKS = re.compile(r"zz|999 ?\d{3} ?\d{4}|7946|2015", re.I)
JUNK = [
    "", " ", "zz\0", "zz\x07", "zz\u202e", "👶zz", "zz" * 90, "zz," * 3, 'zz"', '"zz', "\n", "zz\r\nzz",
    "=cmd|'zz'!A1", "-1", "1e999", "nan", "٣", "31/12/2015", "2015-02-30", "2015-13-01", "9990123455",
    "1900-01-01", "9999-12-31", "0001-01-01", "yes", "true", "None", "#REF!", "zz@example.org", "٢٠١٥",
    "zz" * 100_000, "\ud7ff", "<zz>", "&zz;", "${zz}", "'; DROP zz --", "C1", "T1", "\ufeff",
]  # fmt: skip

Files = dict[str, bytes]


def held_to_its_words(read: Callable[[Path, str, date], Batch], path: Path) -> Batch | None:
    """The batch, or None where it was refused; in both cases without a personal value."""
    try:
        batch, said = read(path, "leeds-csc", TODAY), ""
    except BadInput as error:
        batch, said = None, str(error)
    if batch:
        said = "\n".join(f"{fault} {fault.table}" for fault in (*batch.faults, *batch.warnings))
    assert not MARKS.search(said)
    return batch


def good_csv() -> Files:
    people = range(1, 7)
    lines = {
        "services": ["service,name,kind,agency,authority,from,to,sensitive,duty_line"]
        + [f"T{n},Zzteam {chr(64 + n)},other,health,383,,,,020 7946 000{n}" for n in people],
        "practitioners": ["practitioner,name,work_phone,work_email,service,from,to"]
        + [f"P{n},Zzworker Zzname,020 7946 010{n},zz@example.org,T1,2015-04-01," for n in people],
        "children": ["child,nhs_number,family_name,given_name,birth_date,sex,postcode,shielded"]
        + [f'C{n},999 012 3454,"Zzfamily",Zzgiven,2015-06-0{n},M,ZZ9 9ZZ,' for n in people],
        "homes": ["home,child,authority,from,to"]
        + [f"H{n},C{n},383,2015-06-09,2015-07-0{n}" for n in people],
        "involvements": ["involvement,child,service,from,to,consent"]
        + [f"I{n},C{n},T{n},2015-06-09,,given" for n in people],
        "allocations": ["allocation,child,practitioner,service,part,from,to"]
        + [f"A{n},C{n},P{n},T{n},co-worker,2015-06-09," for n in people],
    }
    return {name: ("\n".join(rows) + "\n").encode() for name, rows in lines.items()}


def _bytes(change: Callable[[Random, bytes], bytes]) -> Callable[[Random, Files], None]:
    def mutate(random: Random, files: Files) -> None:
        name = random.choice(list(files))
        files[name] = change(random, files[name])

    return mutate


def _grid(change: Callable[[Random, list[list[str]]], None]) -> Callable[[Random, Files], None]:
    def mutate(random: Random, files: Files) -> None:
        name = random.choice(list(files))
        text = io.StringIO(files[name].decode(errors="replace"), newline="")
        grid = [cells for cells in csv.reader(text) if cells]
        if len(grid) > 1:
            change(random, grid)
        text = io.StringIO()
        csv.writer(text, lineterminator=random.choice(["\n", "\r\n"])).writerows(grid)
        files[name] = text.getvalue().encode()

    return mutate


def _junk_cell(random: Random, grid: list[list[str]]) -> None:
    line = random.choice(grid[1:])
    line[random.randrange(len(line))] = random.choice(JUNK)


def _swap_headers(random: Random, grid: list[list[str]]) -> None:
    first, second = random.sample(range(len(grid[0])), 2)
    grid[0][first], grid[0][second] = grid[0][second], grid[0][first]


def _shuffle_row(random: Random, grid: list[list[str]]) -> None:
    random.shuffle(random.choice(grid[1:]))


def _repeat_row(random: Random, grid: list[list[str]]) -> None:
    grid.insert(random.randrange(1, len(grid)), list(random.choice(grid[1:])))


def _cell_more_or_less(random: Random, grid: list[list[str]]) -> None:
    line = random.choice(grid)
    if random.random() < 0.5:
        line.pop(random.randrange(len(line)))
    else:
        line.insert(random.randrange(len(line)), "Zz")


def _data_in_header(random: Random, grid: list[list[str]]) -> None:
    column = random.randrange(len(grid[0]))
    grid[0][column] = grid[1][column]


def _cut(random: Random, data: bytes) -> bytes:
    return data[: random.randrange(len(data))]


def _noise(random: Random, data: bytes) -> bytes:
    at = random.randrange(len(data))
    return data[:at] + random.randbytes(random.choice([1, 3, 40])) + data[at:]


def _sign(random: Random, data: bytes) -> bytes:
    at = random.randrange(len(data))
    return (
        data[:at] + random.choice([b'"', b'""', b",", b"\n", b"\r", b"\0", b";"]) + data[at + 1 :]
    )


CSV_CHANGES: list[Callable[[Random, Files], None]] = [
    *(_grid(_junk_cell) for _ in range(4)),
    *map(_grid, (_swap_headers, _shuffle_row, _repeat_row, _cell_more_or_less, _data_in_header)),
    *map(_bytes, (_cut, _noise, _sign, _sign)),
    _bytes(lambda random, data: data.partition(b"\n")[2]),
    _bytes(
        lambda random, data: data.decode(errors="replace").encode(
            random.choice(["utf-16", "utf-32", "cp037"])
        )
    ),
    _bytes(lambda random, data: data.replace(b"Zz", b"Zz\xe9", 1).replace(b",,", b",\xff,", 1)),
    _bytes(lambda random, data: data.replace(b",", random.choice([b";", b"\t", b"|"]))),
    _bytes(lambda random, data: data.replace(b"\n", b"", 1)),
    _bytes(lambda random, data: data + data.partition(b"\n")[2]),
    _bytes(lambda random, data: b""),
]


def records(data: bytes) -> int:
    """How many records with anything in them stand below the header."""
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
    return sum(bool("".join(cells).strip()) for cells in rows) - 1


@pytest.mark.parametrize("case", range(CASES))
def test_broken_csv(tmp_path: Path, case: int):
    random, files = Random(case), good_csv()
    CSV_CHANGES[case % len(CSV_CHANGES)](random, files)
    if case >= HALF and all(files.values()):
        random.choice(CSV_CHANGES)(random, files)
    for name, data in files.items():
        (tmp_path / f"{name}.csv").write_bytes(data)
    batch = held_to_its_words(csv_folder.read, tmp_path)
    if batch is None:
        return
    for table in (table.name for table in CSV_TABLES):
        taken = [row.line for row in getattr(batch, table)]
        refused = {fault.line for fault in batch.faults if fault.table == table}
        assert refused.isdisjoint(taken)
        assert len(taken) + len(refused) == records(files[table])


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
    parts[name] = _cut(random, parts[name])


def _part_noise(random: Random, parts: Files) -> None:
    name = _part(random, parts)
    parts[name] = _noise(random, parts[name])


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
        path.write_bytes(random.choice([_cut, _noise, _sign])(random, path.read_bytes()))
    batch = held_to_its_words(annex_a.read, path)
    if batch is None:
        return
    taken, refused = taken_and_refused(batch)
    assert refused.isdisjoint(taken)
    rows = sum(data.count(b"<row ") for name, data in parts.items() if "sheets/" in name)
    lists = sum(b"<row " in data for name, data in parts.items() if "sheets/" in name)
    assert len(taken | refused) == rows - lists
