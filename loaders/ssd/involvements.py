"""Workers and teams with a child: ssd_involvements, or the same as JSON in a cell of ssd_person."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from graph import AllocationRow, ChangeReason, InvolvementRow, Row
from loaders.cells import words
from loaders.ssd.cells import change_reason, part_of, role_outside
from loaders.ssd.line import Line, Notes
from loaders.ssd.tables import HISTORY_COLUMN
from loaders.ssd.teams import Teams
from loaders.ssd.workers import Workers

# The keys of an entry, as "involvements history" of the SSD's bespoke extracts writes them.
KEYS = {
    "INVOLVEMENT_ID": "invo_involvements_id",
    "INVOLVEMENT_TYPE_CODE": "invo_professional_role_id",
    "START_DATE": "invo_involvement_start_date",
    "END_DATE": "invo_involvement_end_date",
    "WORKER_ID": "invo_professional_id",
    "DEPARTMENT_ID": "invo_professional_team",
}
_TITLES = {column: key for key, column in KEYS.items()}
_COLUMNS = {column: place for place, column in enumerate((*KEYS.values(), "invo_person_id"))}


class Involvements:
    """Reads who works with whom: the team for as long as the worker, and the worker within it.

    json: False where ssd_involvements has rows, which say the same and more than a JSON history.
    """

    def __init__(
        self, notes: Notes, teams: Teams, workers: Workers, extracted: date, json: bool
    ) -> None:
        self._notes, self._teams, self._workers = notes, teams, workers
        self._extracted, self._json = extracted, json

    def read(self, lines: Iterable[Line]) -> Iterator[Row]:
        """Read ssd_involvements."""
        for line in lines:
            yield from self._rows(line)

    def read_histories(self, lines: Iterable[Line]) -> Iterator[Row]:
        """Read a file that holds nothing but the history of each child."""
        for line in lines:
            whose = "pers_person_id" if line.text("pers_person_id") else "invo_person_id"
            child = line.ident(whose, need=True)
            if child is None:
                self._notes.refuse(line, [("involvements", None), ("allocations", None)])
            else:
                yield from self.history(line, child)

    def history(self, line: Line, child: str) -> Iterator[Row]:
        """Read the JSON in a row of a child."""
        if line.text(HISTORY_COLUMN) is None:
            return
        if not self._json:
            sentence = "is not read, because ssd_involvements says the same"
            self._notes.once(line, HISTORY_COLUMN, sentence)
            return
        found = entries(line.raw(HISTORY_COLUMN))
        if found is None:
            line.wrong = {HISTORY_COLUMN: "is not JSON as [{...}, {...}], or was cut off"}
            self._notes.refuse(line, [("involvements", None), ("allocations", None)])
        for entry in found or ():
            cells = [*(entry.get(key) for key in KEYS), child]
            sure, under = line.sure, HISTORY_COLUMN
            yield from self._rows(
                Line(line.place, line.number, cells, _COLUMNS, sure, under, _TITLES)
            )

    def _rows(self, line: Line) -> Iterator[Row]:
        child = line.ident("invo_person_id", need=True)
        own = line.ident("invo_involvements_id", need=True)
        period = line.period(
            "invo_involvement_start_date", "invo_involvement_end_date", self._extracted
        )
        record = own and f"invo:{own}"
        if child is None or record is None or line.wrong:
            self._notes.refuse(line, [("involvements", record), ("allocations", record)])
            return
        team, worker, role = self._held_by(line)
        outside = role_outside(role) or self._workers.outside(line, "invo_professional_id")
        if team is None and outside:
            sentence = "is of another agency and names no team; such rows are not taken"
            self._notes.once(line, "invo_professional_role_id", sentence)
            return
        team = team or self._teams.unnamed(line)
        tie: dict[str, Any] = {"record": record, "file": line.file, "line": line.number}
        tie |= {"child": child, "service": team, "period": period}
        yield InvolvementRow(**tie)
        if worker is not None:
            reason = self._reason(line)
            part = part_of(role)
            yield AllocationRow(**tie, practitioner=worker, part=part, change_reason=reason)
        self._notes.warn(line)

    def _held_by(self, line: Line) -> tuple[str | None, str | None, str | None]:
        team = self._teams.find(line, "invo_professional_team")
        worker = self._workers.find(line, "invo_professional_id")
        return team, worker, line.text("invo_professional_role_id")

    def _reason(self, line: Line) -> ChangeReason | None:
        said = line.text("invo_worker_change_reason")
        try:
            return change_reason(said) if said else None
        except ValueError as error:
            sentence = f"{error}; rows are taken without it"
            self._notes.once(line, "invo_worker_change_reason", sentence)
            return None


def entries(cell: object) -> list[Mapping[str, Any]] | None:
    """The entries of a JSON history: an array, one object alone, or several without their brackets.

    Return them with the keys that are read; None where it is not such JSON.
    """
    text = words(cell)
    for form in (text, f"[{text}]"):
        try:
            found = json.loads(form)
        except (ValueError, RecursionError):
            continue
        found = found if isinstance(found, list) else [found]
        if all(isinstance(entry, dict) for entry in found):
            return [{key: entry.get(key) for key in KEYS} for entry in found]
    return None
