"""The professionals of the SSD: who they are at work, and where."""

from collections.abc import Iterable, Iterator

from graph import Practitioner, PractitionerRow, Profession, Row
from loaders import cells
from loaders.ssd.cells import ident, is_outside, profession_of
from loaders.ssd.line import Line, Notes
from loaders.ssd.teams import Teams

_UNKNOWN_WORKER = (
    "names a worker who is not in ssd_professionals, or has no name there; the team stands alone"
)


class Workers:
    """The professionals of an extract, by id.

    whole: True where ssd_professionals is there in full; else, or where a row of it is refused, the
    door judges an id that is not in it.
    """

    def __init__(self, notes: Notes, teams: Teams, whole: bool) -> None:
        self._notes, self._teams, self._whole, self._full = notes, teams, whole, whole
        self._known: set[str] = set()
        self._unnamed: set[str] = set()
        self._outside: set[str] = set()

    def read(self, lines: Iterable[Line]) -> Iterator[Row]:
        """Read ssd_professionals. Return a post for each who has a name."""
        before = len(self._notes.faults)
        for line in lines:
            worker = line.ident("prof_professional_id", need=True)
            if worker is None or line.wrong:
                self._notes.refuse(line, [("practitioners", None)])
            elif (row := self._post(line, worker)) is not None:
                self._known.add(worker)
                yield row
            elif self._full:
                self._unnamed.add(worker)
            self._notes.warn(line)
        self._whole &= len(self._notes.faults) == before

    def find(self, line: Line, column: str) -> str | None:
        """The id of the worker whom a cell names; None where there is none, or none with a name."""
        worker = _ident(line, column)
        if worker is None or worker in self._known:
            return worker
        if self._whole or not worker or worker in self._unnamed:
            self._notes.once(line, column, _UNKNOWN_WORKER)
            return None
        return worker

    def outside(self, line: Line, column: str) -> bool:
        """True where the worker whom a cell names is of another agency."""
        return _ident(line, column) in self._outside

    def _post(self, line: Line, worker: str) -> PractitionerRow | None:
        name = _name(line)
        title = line.text("prof_professional_job_title")
        registration = _registration(line)
        profession = profession_of(title)
        if title is None and (registration or "").upper().startswith("SW"):
            profession = Profession.SOCIAL_WORKER
        team = self._teams.find(line, "prof_professional_department")
        if is_outside(profession):
            self._outside.add(worker)
        if name is None or (team is None and is_outside(profession)):
            return None
        team = team or self._teams.unnamed(line)
        return PractitionerRow(
            record=f"{worker}/{team}",
            file=line.file,
            line=line.number,
            practitioner=Practitioner(
                id=worker, name=name, profession=profession, registration=registration
            ),
            service=team,
        )


def _ident(line: Line, column: str) -> str | None:
    """The id of a worker; empty where the cell holds something that cannot be one."""
    try:
        return ident(line.raw(column))
    except ValueError:
        return ""


def _name(line: Line) -> str | None:
    try:
        return cells.person(line.text("prof_professional_name"))
    except ValueError as error:
        line.odd["prof_professional_name"] = f"{error}; the worker is not taken"
        return None


def _registration(line: Line) -> str | None:
    column = "prof_social_worker_registration_no"
    try:
        return ident(line.raw(column))
    except ValueError as error:
        line.odd[column] = f"{error}; the worker is taken without it"
        return None
