"""Two hundred broken CSV folders: a clear refusal, or every row accounted for."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random

import pytest

from graph.errors import BadInput
from graph.rows import Batch
from loaders import csv_folder
from tests.world import whole

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


def cut(random: Random, data: bytes) -> bytes:
    return data[: random.randrange(len(data))]


def noise(random: Random, data: bytes) -> bytes:
    at = random.randrange(len(data))
    return data[:at] + random.randbytes(random.choice([1, 3, 40])) + data[at:]


def sign(random: Random, data: bytes) -> bytes:
    at = random.randrange(len(data))
    return (
        data[:at] + random.choice([b'"', b'""', b",", b"\n", b"\r", b"\0", b";"]) + data[at + 1 :]
    )


CSV_CHANGES: list[Callable[[Random, Files], None]] = [
    *(_grid(_junk_cell) for _ in range(4)),
    *map(_grid, (_swap_headers, _shuffle_row, _repeat_row, _cell_more_or_less, _data_in_header)),
    *map(_bytes, (cut, noise, sign, sign)),
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
    batch = held_to_its_words(lambda *words: whole(csv_folder.read(*words)), tmp_path)
    if batch is None:
        return
    for table in files:
        taken = [row.line for row in getattr(batch, table)]
        refused = {fault.line for fault in batch.faults if fault.table == table}
        assert refused.isdisjoint(taken)
        assert len(taken) + len(refused) == records(files[table])
