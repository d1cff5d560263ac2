"""The Annex A workbook, Lists 2 to 9, as docs/annex-a.md says."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from graph import BadInput, Batch, Fault, uncollected
from loaders.annex_a.find import Place, find, recognised
from loaders.annex_a.line import ListSheet, read_line
from loaders.annex_a.rejects import write
from loaders.annex_a.rows import AnnexRows
from loaders.batches import Progress, Ticker, begin
from loaders.workbook import load

FEED = "annex-a"
_ALWAYS = ("services", "practitioners", "children", "involvements", "allocations")


def read(
    path: Path, source: str, extracted: date, full: bool = True, progress: Progress | None = None
) -> Batch:
    """Read an Annex A workbook.

    path: the workbook. full: False where it only adds and corrects; a workbook of rejects makes it so.
    Return the rows, a fault for each cell that was not taken, and a warning for each that is odd.
    Raise BadInput, with everything that is wrong, where the workbook cannot be used.
    """
    batch = begin(FEED, source, extracted, full)
    places = find(path)
    rows = AnnexRows(extracted)
    with uncollected():
        for at in _sheets(path, places.lists, progress):
            for number in at.filled():
                rows.take(read_line(at, number, extracted))
    tables = rows.tables()
    tables["warnings"] = [*places.warnings, *tables["warnings"]]
    held = (*_ALWAYS, "homes") if any("placed" in at.columns for at in places.lists) else _ALWAYS
    unread = [name for place in places.lists for name in place.unread]
    full = full and not places.rejects
    return batch.model_copy(update={**tables, "full": full, "tables": held, "unread": unread})


def knows(path: Path) -> str | None:
    """Say by which lists a workbook is known as Annex A; None where it holds none of them."""
    try:
        numbers = sorted(set(recognised(path)))
    except BadInput:
        return None
    return (
        f"it has the headers of Annex A's List {', '.join(map(str, numbers))}" if numbers else None
    )


def reject(path: Path, faults: Sequence[Fault], target: Path) -> Path | None:
    """Write the rejected rows to repair, with a column that says why.

    path: the workbook that was read. target: the folder to write, made where it is absent.
    Return the workbook to load after repair, its owner's only and without the columns that are never
    read; None where no row was rejected. Raise BadInput as `read` does, and where it is there already.
    """
    if not faults:
        return None
    sheets = _sheets(path, find(path).lists, None)
    return write(target / f"{path.stem}.xlsx", sheets, faults)


def _sheets(path: Path, places: list[Place], progress: Progress | None) -> list[ListSheet]:
    ticker = Ticker(progress, sum(place.size for place in places))
    loaded = load(path, {place.title: ticker.share(place.title, place.size) for place in places})
    return [
        ListSheet(
            place.list,
            loaded[place.title],
            f"{path.name}/{place.title}",
            place.header,
            place.columns,
        )
        for place in places
    ]
