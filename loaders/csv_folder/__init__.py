"""Signpost's own CSV: a folder or zip of up to ten files, as docs/csv.md says."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from graph import BadInput, Batch, Fault, Row
from loaders.archives import is_zip
from loaders.batches import Progress, Ticker, begin, each
from loaders.csv_folder.files import Header, files_of, header, like, records, table_of
from loaders.csv_folder.rows import CsvRows
from loaders.csv_folder.tables import TABLES, Table
from loaders.csv_set import CsvFile, csv_set
from loaders.rejects import REASON, inside, private_csv, reasons

FEED = "csv"
_MOST_LOOKED_AT = 50
_STRANGER = "is not one of the ten files and was not read"
_WITHIN = "lies in a folder within this one and was not read"


def read(
    path: Path, source: str, extracted: date, full: bool = True, progress: Progress | None = None
) -> Batch:
    """Read a folder or a zip of CSV files.

    path: where they are. full: False where it only adds and corrects; a file of rejects makes it so.
    Return a batch whose rows are read as they are asked for, with a fault for each cell that is not
    taken. Raise BadInput, naming what is wrong in every file, where one of them cannot be used.
    """
    batch = begin(FEED, source, extracted, full)
    files = files_of(path)
    headers = each(files, lambda name, file: header(TABLES[name], file))
    faults: list[Fault] = []
    return batch.model_copy(
        update={
            "stream": _stream(files, headers, faults, progress),
            "tables": tuple(files),
            "full": full and not any(found.rejects for found in headers.values()),
            "faults": faults,
            "warnings": list(_strangers(path)),
        }
    )


def _stream(
    files: Mapping[str, CsvFile],
    headers: Mapping[str, Header],
    faults: list[Fault],
    progress: Progress | None,
) -> Iterator[Row]:
    """The rows of every file; what cannot be read of one is said after the last."""
    ticker = Ticker(progress, sum(file.size for file in files.values()))
    problems = []
    for name, file in files.items():
        tick = ticker.share(file.name, file.size)
        try:
            yield from CsvRows(TABLES[name], file, headers[name], faults).read(tick)
        except BadInput as problem:
            problems.append(str(problem))
    if problems:
        raise BadInput("\n".join(problems))


def knows(path: Path) -> str | None:
    """Say which of our own files a folder or zip holds, by their headers; None where it holds none."""
    try:
        held = [
            f"{name}.csv" for name, file in files_of(path).items() if header(TABLES[name], file)
        ]
    except BadInput:
        return None
    return f"it has the columns of Signpost's own {', '.join(held)}"


def wrong_with(path: Path) -> str | None:
    """Say why what has most of the columns of our own files is not known for them.

    Return what is wrong with them; None where there is no such file.
    """
    if not path.is_dir() and not is_zip(path):
        return _misplaced(CsvFile(path.name, path.stat().st_size, path))
    try:
        files = files_of(path)
    except BadInput as problem:
        with suppress(BadInput):
            return _unfound(path, str(problem))
        return None
    try:
        each(files, lambda name, file: header(TABLES[name], file))
    except BadInput as problem:
        ours = any(TABLES[name] in like(file) for name, file in files.items())
        return str(problem) if ours else None
    return None


def _unfound(path: Path, problem: str) -> str | None:
    """What is wrong with files of ours that are there and are not taken: twice, or misplaced."""
    held = csv_set(path)[:_MOST_LOOKED_AT]
    names = [file.name if path.is_dir() else file.name.rpartition("/")[2] for file in held]
    if any(table_of(name) and like(file) for name, file in zip(names, held, strict=True)):
        return problem
    return next((said for said in map(_misplaced, held) if said), None)


def _misplaced(file: CsvFile) -> str | None:
    """What to do with a file that has our columns, and lies where it is not looked for."""
    names = [f"{table.name}.csv" for table in like(file)]
    if not names:
        return None
    folder, _, name = file.name.rpartition("/")
    if folder and name.lower() in names:
        return f"{name} lies in {folder}, a folder within this one: load that folder itself"
    if name.lower() in names:
        return (
            f"{name} is one of Signpost's own files, which come in a folder or zip: "
            "put it into one with the others of its extract, and load that"
        )
    said = " or ".join(names)
    return (
        f"{file.name} has most of the columns of Signpost's own {said}: give it that name, "
        "in a folder or zip with the others of its extract, and load that"
    )


def reject(path: Path, faults: Sequence[Fault], target: Path) -> Path | None:
    """Write the rejected records to repair, with a column that says why.

    path: what was read. target: the folder to write, made where it is absent.
    Return the folder to load after repair, its files their owner's only; None where no row was
    rejected. Raise BadInput as `read` does, and where a file is in the target already.
    """
    wanted = reasons(faults)
    files = {name: file for name, file in files_of(path).items() if file.name in wanted}
    for name, file in files.items():
        private_csv(inside(target, file.name), _rejected(TABLES[name], file, wanted[file.name]))
    return target if files else None


def _strangers(path: Path) -> Iterator[Fault]:
    held = csv_set(path) if path.is_file() else [
        CsvFile(str(one.relative_to(path)), 0, one) for one in sorted(path.rglob("*.[cC][sS][vV]"))
    ]  # fmt: skip
    for file in held:
        name = file.name.rpartition("/")[2]
        if not table_of(name):
            yield Fault(file=name, line=1, sentence=_STRANGER)
        elif file.name != name and path.is_dir():
            yield Fault(file=file.name, line=1, sentence=_WITHIN)


def _rejected(table: Table, file: CsvFile, wanted: dict[int, str]) -> Iterator[list[str]]:
    found = header(table, file)
    keep = [i for i, name in enumerate(found.names) if name != REASON]
    yield [found.names[i] for i in keep] + [REASON]
    for record in records(file):
        if record.first in wanted:
            whole = len(record.cells) == len(found.names)
            cells = [record.cells[i] for i in keep] if whole else record.cells
            yield [*cells, wanted[record.first]]
