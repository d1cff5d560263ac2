"""The Standard Safeguarding Dataset: its tables as CSV, as docs/ssd.md says."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

from graph import BadInput, Batch, Fault, Row
from loaders.batches import Progress, Ticker, begin
from loaders.ssd import rejects, tables
from loaders.ssd.care import Care
from loaders.ssd.episodes import Episodes
from loaders.ssd.find import Places, find, lacking, tables_in
from loaders.ssd.involvements import Involvements
from loaders.ssd.line import Notes
from loaders.ssd.links import Links
from loaders.ssd.people import Children
from loaders.ssd.teams import Teams
from loaders.ssd.workers import Workers

FEED = "ssd"


def read(
    path: Path, source: str, extracted: date, full: bool = True, progress: Progress | None = None
) -> Batch:
    """Read a folder, a zip or a file of the SSD.

    path: where it is. full: False where it only adds and corrects; a file of rejects makes it so.
    Return a batch whose rows are read as they are asked for, with a fault for each row that is not
    taken. Raise BadInput, with everything that is wrong, where a table cannot be used.
    """
    batch = begin(FEED, source, extracted, full)
    places = find(path)
    full = full and not places.rejects
    notes = Notes([*places.warnings, *(lacking(path, places) if full else ())])
    return batch.model_copy(
        update={
            "stream": _stream(places, extracted, full, notes, progress),
            "tables": tables.complete(places.tables),
            "full": full,
            "faults": notes.faults,
            "warnings": notes.warnings,
            "unread": [name for place in places.held for name in place.unread],
        }
    )


def knows(path: Path) -> str | None:
    """Say which tables of the SSD are there, by their columns; None where there is none."""
    try:
        names = tables_in(path)
    except (BadInput, OSError):
        return None
    return f"it has the columns of {', '.join(names)} of the SSD" if names else None


def reject(path: Path, faults: Sequence[Fault], target: Path) -> Path | None:
    """Write the rejected rows to repair, with a column that says why.

    path: what was read. target: the folder to write, made where it is absent.
    Return the folder to load after repair, its files their owner's only and without the columns that
    are never read; None where no row was rejected. Raise BadInput as `read` does, and where a file is
    in the target already.
    """
    return rejects.write(find(path), faults, target) if faults else None


def _stream(
    places: Places, extracted: date, full: bool, notes: Notes, progress: Progress | None
) -> Iterator[Row]:
    """The rows of every table: those that others point to by name first, what is merged last."""
    held = places.tables
    ticker = Ticker(progress, sum(place.file.size for place in places.held))
    teams = Teams(notes, whole=full and tables.DEPARTMENT in held)
    workers = Workers(notes, teams, whole=full and tables.PROFESSIONALS in held)
    json = not any(next(place.records(), None) for place in places.of(tables.INVOLVEMENTS))
    involvements = Involvements(notes, teams, workers, extracted, json=json)
    episodes = Episodes(notes, teams, workers, extracted)
    care = Care(notes, teams, extracted)
    with closing(Links(notes, extracted)) as links:
        children = Children(notes, links, extracted, involvements.history)
        for table, rows in (
            (tables.DEPARTMENT, teams.read),
            (tables.PROFESSIONALS, workers.read),
            (tables.LINKS, links.read),
            (tables.PERSON, children.read),
            (tables.HISTORY, involvements.read_histories),
            (tables.INVOLVEMENTS, involvements.read),
            (tables.EARLY_HELP, episodes.read_early_help),
            (tables.CIN, episodes.read_cin),
            (tables.CP, episodes.read_cp),
            (tables.CLA, care.read),
        ):
            for place in places.of(table):
                tick = ticker.share(place.file.name, place.file.size)
                yield from rows(notes.lines(place, tick))
    yield from care.rest()
    yield from teams.rest()
    notes.end()
