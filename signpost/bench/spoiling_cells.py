"""Spoiling tables: cells, rows and headers of CSV files and of workbooks."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

from openpyxl import Workbook, load_workbook

from signpost.bench.junk import CELLS, TEXTS

Grid = list[list[Any]]
HEADERS = 0.03  # of the changes, those of a header


def spoil_csv(random: Random, path: Path, rows: int) -> int:
    """Spoil some rows of a CSV file; return how many."""
    text = path.read_bytes().decode("utf-8", errors="replace")
    try:
        grid = [cells for cells in csv.reader(io.StringIO(text, newline="")) if cells]
    except csv.Error:
        return 0
    touched = _spoil(random, grid, rows, TEXTS)
    out = io.StringIO(newline="")
    ends, sign = random.choice(["\n", "\r\n"]), ","
    if random.random() < HEADERS:
        sign = random.choice(";\t|")
    writer = csv.writer(out, lineterminator=ends, delimiter=sign, escapechar="\\")
    writer.writerows(grid)
    path.write_bytes(out.getvalue().encode("utf-8", errors="replace"))
    return touched


def spoil_workbook(random: Random, path: Path, rows: int) -> int:
    """Spoil some rows of one sheet of a workbook; return how many."""
    try:
        book = load_workbook(path)
    except Exception:  # bytes of it were spoilt already, in any of a hundred ways
        return 0
    grids = {
        s.title: [list(cells) for cells in s.iter_rows(values_only=True)] for s in book.worksheets
    }
    title = random.choice(list(grids))
    touched = _spoil(random, grids[title], rows, CELLS)
    made = Workbook(write_only=True)
    for name, grid in grids.items():
        sheet = made.create_sheet(name)
        for cells in grid:
            sheet.append(cells)
    made.save(path)
    return touched


def _spoil(random: Random, grid: Grid, rows: int, junk: Sequence[Any]) -> int:
    """Spoil rows of a grid in place, or once in a while its header; return how many are others now."""
    before = _lines(grid)
    if len(grid) < 2:
        return 0
    if random.random() < HEADERS:
        random.choice(_OF_HEADERS)(random, grid)
        return len(grid)
    for _ in range(rows):
        if len(grid) > 1:
            random.choice(_OF_ROWS)(random, grid, junk)
    after = _lines(grid)
    return max((after - before).total(), (before - after).total())


def _lines(grid: Grid) -> Counter[str]:
    return Counter(map(repr, grid))


def _junk(random: Random, grid: Grid, junk: Sequence[Any]) -> None:
    line = random.choice(grid[1:])
    if line:
        line[random.randrange(len(line))] = random.choice(junk)


def _from_another(random: Random, grid: Grid, junk: Sequence[Any]) -> None:
    """A cell of another row, or of another column."""
    line, other = random.choice(grid[1:]), random.choice(grid[1:])
    if line and other:
        at = random.randrange(len(line))
        line[at] = other[at] if at < len(other) and random.random() < 0.7 else random.choice(other)


def _inside(random: Random, grid: Grid, junk: Sequence[Any]) -> None:
    """Something inside a cell."""
    line = random.choice(grid[1:])
    at = random.randrange(len(line)) if line else 0
    if line and isinstance(line[at], str):
        cut = random.randrange(len(line[at]) + 1)
        line[at] = (
            line[at][:cut] + str(random.choice(junk))[:20] + line[at][cut + random.randrange(2) :]
        )


def _shuffle(random: Random, grid: Grid, junk: Sequence[Any]) -> None:
    random.shuffle(random.choice(grid[1:]))


def _repeat(random: Random, grid: Grid, junk: Sequence[Any]) -> None:
    grid.insert(random.randrange(1, len(grid)), list(random.choice(grid[1:])))


def _drop(random: Random, grid: Grid, junk: Sequence[Any]) -> None:
    del grid[random.randrange(1, len(grid))]


def _more_or_less(random: Random, grid: Grid, junk: Sequence[Any]) -> None:
    line = random.choice(grid[1:])
    if line and random.random() < 0.5:
        line.pop(random.randrange(len(line)))
    else:
        line.insert(random.randrange(len(line) + 1), random.choice(junk))


def _empty(random: Random, grid: Grid, junk: Sequence[Any]) -> None:
    line = random.choice(grid[1:])
    line[:] = [None if random.random() < 0.7 else cell for cell in line]


_OF_ROWS: tuple[Callable[[Random, Grid, Sequence[Any]], None], ...] = (
    _junk, _junk, _junk, _junk, _from_another, _from_another, _inside, _inside, _shuffle, _repeat, _drop,
    _more_or_less, _empty,
)  # fmt: skip


def _swap_headers(random: Random, grid: Grid) -> None:
    one, other = random.randrange(len(grid[0])), random.randrange(len(grid[0]))
    grid[0][one], grid[0][other] = grid[0][other], grid[0][one]


def _data_in_header(random: Random, grid: Grid) -> None:
    at = random.randrange(len(grid[0]))
    grid[0][at] = grid[1][at] if at < len(grid[1]) else ""


def _twice_in_header(random: Random, grid: Grid) -> None:
    grid[0][random.randrange(len(grid[0]))] = random.choice(grid[0])


def _no_header(random: Random, grid: Grid) -> None:
    del grid[0]


def _column_gone(random: Random, grid: Grid) -> None:
    at = random.randrange(len(grid[0]))
    grid[:] = [line[:at] + line[at + 1 :] for line in grid]


def _order(random: Random, grid: Grid) -> None:
    """Columns in another order: the same file."""
    order = random.sample(range(len(grid[0])), len(grid[0]))
    grid[:] = [[line[at] if at < len(line) else "" for at in order] for line in grid]


_OF_HEADERS: tuple[Callable[[Random, Grid], None], ...] = (
    _swap_headers,
    _data_in_header,
    _twice_in_header,
    _no_header,
    _column_gone,
    _order,
)
