"""Signpost's own CSV folder: up to ten files, as docs/csv.md says."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from graph import BadInput, Batch, Fault, Row
from loaders.batches import Progress, Ticker, begin, each
from loaders.csv_folder.files import REASON, Header, header, records
from loaders.csv_folder.rows import CsvRows
from loaders.csv_folder.tables import CSV_TABLES, Table
from loaders.rejects import private_csv, reasons

FEED = "csv"


def read(
    path: Path, source: str, extracted: date, full: bool = True, progress: Progress | None = None
) -> Batch:
    """Read a folder of CSV files.

    path: the folder. full: False where it only adds and corrects; a file of rejects makes it so.
    Return a batch whose rows are read as they are asked for, with a fault for each cell that is not
    taken. Raise BadInput, naming what is wrong in every file, where one of them cannot be used.
    """
    batch = begin(FEED, source, extracted, full)
    files = _files(path)
    headers = each(files, lambda name, file: header(_TABLES[name], file))
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
    files: Mapping[str, Path],
    headers: Mapping[str, Header],
    faults: list[Fault],
    progress: Progress | None,
) -> Iterator[Row]:
    """The rows of every file; what cannot be read of one is said after the last."""
    ticker = Ticker(progress, sum(file.stat().st_size for file in files.values()))
    problems = []
    for name, file in files.items():
        tick = ticker.share(file.name, file.stat().st_size)
        try:
            yield from CsvRows(_TABLES[name], file, headers[name], faults).read(tick)
        except BadInput as problem:
            problems.append(str(problem))
    if problems:
        raise BadInput("\n".join(problems))


def knows(path: Path) -> str | None:
    """Say which of our own files a folder holds, by their headers; None where it holds none."""
    try:
        held = [f"{name}.csv" for name, file in _files(path).items() if header(_TABLES[name], file)]
    except BadInput:
        return None
    return f"it has the columns of Signpost's own {', '.join(held)}"


def reject(path: Path, faults: Sequence[Fault], target: Path) -> Path | None:
    """Write the rejected records to repair, with a column that says why.

    path: the folder that was read. target: the folder to write, made where it is absent.
    Return the folder to load after repair, its files their owner's only; None where no row was
    rejected. Raise BadInput as `read` does, and where a file is in the target already.
    """
    wanted = reasons(faults)
    files = {name: file for name, file in _files(path).items() if file.name in wanted}
    for name, file in files.items():
        private_csv(target / file.name, _rejected(_TABLES[name], file, wanted[file.name]))
    return target if files else None


_TABLES = {table.name: table for table in CSV_TABLES}


def _files(path: Path) -> dict[str, Path]:
    if not path.is_dir():
        raise BadInput(f"{path.name} is not a folder; CSV files are read from a folder")
    files = {name: path / f"{name}.csv" for name in _TABLES}
    files = {name: file for name, file in files.items() if file.exists()}
    if not files:
        known = ", ".join(f"{name}.csv" for name in _TABLES)
        raise BadInput(f"{path.name or 'The folder'} holds none of {known}")
    odd = [file.name for file in files.values() if not file.is_file()]
    if odd:
        raise BadInput("\n".join(f"{name} is not a file" for name in odd))
    return files


def _strangers(path: Path) -> Iterator[Fault]:
    for file in sorted(path.glob("*.[cC][sS][vV]")):
        if file.stem not in _TABLES or file.suffix != ".csv":
            sentence = "is not one of the ten files and was not read"
            yield Fault(file=file.name, line=1, sentence=sentence)


def _rejected(table: Table, file: Path, wanted: dict[int, str]) -> Iterator[list[str]]:
    found = header(table, file)
    keep = [i for i, name in enumerate(found.names) if name != REASON]
    yield [found.names[i] for i in keep] + [REASON]
    for record in records(file):
        if record.first in wanted:
            whole = len(record.cells) == len(found.names)
            cells = [record.cells[i] for i in keep] if whole else record.cells
            yield [*cells, wanted[record.first]]
