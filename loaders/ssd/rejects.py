"""The rejected rows of the SSD as CSV files of the same tables, to repair and send back."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from graph import Fault
from loaders.csv_text import Record
from loaders.rejects import REASON, private_csv, reasons
from loaders.ssd.find import Place, Places
from loaders.ssd.involvements import entries
from loaders.ssd.line import Line, Notes
from loaders.ssd.links import kind_of
from loaders.ssd.tables import CLA, DEPARTMENT, HISTORY_COLUMN, LINKS, PERSON, TEAM_COLUMNS
from loaders.ssd.teams import Teams

_SHAPELESS = "look at it in the extract, because its cells are more or fewer than the columns"
# A child's identifiers go with its own row, and episodes of care with each other: what they make
# together cannot be made of some of them.
_TOGETHER = (
    (PERSON, "pers_person_id", LINKS, "link_person_id", "goes with the child's row in ssd_person"),
    (CLA, "clae_person_id", CLA, "clae_person_id", "goes with another episode of the same child"),
)
Wanted = dict[str, dict[int, str]]


def write(places: Places, faults: Sequence[Fault], target: Path) -> Path | None:
    """Write the rows that have faults, each with why, to a folder of files that are their owner's only.

    A team is named by its id, and a child goes with its identifiers, so that the files can be loaded
    by themselves.
    Return the folder; None where no row was rejected. Raise BadInput where a file is there already.
    """
    wanted = reasons(faults)
    for table, column, other, its, reason in _TOGETHER:
        _join(wanted, places.of(table), column, places.of(other), its, reason)
    teams, names = _teams(places), set[str]()
    for place in places.held:
        if said := wanted.get(place.file.name):
            private_csv(target / _name(place, names), _rows(place, said, teams))
    return target if names else None


def _join(
    wanted: Wanted,
    places: list[Place],
    column: str,
    others: list[Place],
    its: str,
    reason: str,
) -> None:
    """Want what other tables hold of the children of whom a row of some tables is wanted."""
    children = {
        line.ident(column)
        for place in places
        for line in _lines(place)
        if line.number in wanted.get(place.file.name, {})
    } - {None}
    if not children:
        return
    for place in others:
        said = wanted.setdefault(place.file.name, {})
        for line in _lines(place):
            if line.ident(its) in children and (place.table is not LINKS or kind_of(line)):
                said.setdefault(line.number, reason)


def _name(place: Place, names: set[str]) -> str:
    stem = place.table.name.removeprefix("an ").replace(" ", "_")
    name, number = f"{stem}.csv", 1
    while name in names:
        number += 1
        name = f"{stem}-{number}.csv"
    names.add(name)
    return name


def _rows(place: Place, wanted: dict[int, str], teams: Teams) -> Iterator[list[str]]:
    yield [*place.columns, REASON]
    for record in place.records():
        if record.first in wanted:
            yield [*_cells(place, record, teams), _why(place, record, wanted[record.first])]


def _why(place: Place, record: Record, reason: str) -> str:
    if len(record.cells) == place.width:
        return reason
    return f"line {record.first} {reason}; {_SHAPELESS}"


def _cells(place: Place, record: Record, teams: Teams) -> Iterator[str]:
    """The cells that are read; none where nobody can tell which they are."""
    whole = len(record.cells) == place.width
    for column, at in place.columns.items():
        cell = record.cells[at] if whole else ""
        if column in TEAM_COLUMNS:
            cell = teams.own(cell) or cell
        yield _history(cell) if column == HISTORY_COLUMN else cell


def _history(cell: str) -> str:
    """A JSON history with nothing but the keys that are read."""
    found = entries(cell) if cell.strip() else None
    return cell if found is None else json.dumps(found)


def _teams(places: Places) -> Teams:
    notes = Notes(())
    teams = Teams(notes, whole=True)
    for place in places.of(DEPARTMENT):
        for _ in teams.read(notes.lines(place, None)):
            pass
    return teams


def _lines(place: Place) -> Iterator[Line]:
    for record in place.records():
        if len(record.cells) == place.width:
            yield Line(place, record.first, record.cells, place.columns)
