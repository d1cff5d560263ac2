"""The teams of ssd_department, and those that other tables of the SSD name."""

import re
from collections.abc import Iterable, Iterator

from graph import (
    Agency,
    ParentRow,
    Row,
    Service,
    ServiceKind,
    ServiceRow,
)
from loaders import cells
from loaders.services import service
from loaders.ssd.cells import ident, text
from loaders.ssd.line import Line, Notes

# A department of an authority's system may be another agency's, as its name says.
_AGENCIES = {
    ServiceKind.YOUTH_JUSTICE: Agency.YOUTH_JUSTICE,
    ServiceKind.EARLY_HELP: Agency.EARLY_HELP,
    ServiceKind.SCHOOL: Agency.EDUCATION,
    ServiceKind.HEALTH_VISITING: Agency.HEALTH,
}
_UNKNOWN_TEAM = "names a team that is not in ssd_department; children's social care stands for it"


class Teams:
    """The teams of an extract, found by id or by name; what is named elsewhere becomes one too.

    whole: True where ssd_department is there in full; else the door judges an id that is not in it. So it
    does, and a name that is not in it, too, where a row of it is refused.
    """

    def __init__(self, notes: Notes, whole: bool) -> None:
        self._notes, self._whole, self._lost = notes, whole, False
        self._ids: set[str] = set()
        self._by_name: dict[str, str | None] = {}
        self._named: dict[str, tuple[Service, Line]] = {}
        self._parents: list[tuple[Line, str, str]] = []

    def read(self, lines: Iterable[Line]) -> Iterator[Row]:
        """Read ssd_department. Return its teams; who is part of whom is said by `rest`."""
        for line in lines:
            team = line.ident("dept_team_id", need=True)
            parent = line.ident("dept_team_parent_id")
            if team is None or line.wrong:
                self._notes.refuse(
                    line, [(made, None) for made in ("services", "parents", "practitioners")]
                )
                self._call(line, team)
                continue
            if parent and parent != team:
                self._parents.append((line, team, parent))
            yield self._own(line, team)
        self._lost = self._notes.refused("services")

    def find(self, line: Line, column: str) -> str | None:
        """The id of the service that a cell names by id or by name; None where it names none."""
        said = line.text(column)
        if said is None:
            return None
        if held := self.own(line.raw(column)):
            return held
        if _is_name(said):
            return self._name(line, column, Agency.SOCIAL_CARE)
        return self._id(line, column)

    def organisation(self, line: Line, column: str) -> str:
        """The id of the service that helps early, by the name of an organisation or of a team."""
        said = line.text(column)
        if said and (held := self.own(said)):
            return held
        named = None
        if said and _is_name(said):
            named = self._name(line, column, Agency.EARLY_HELP)
        elif said and self._lost:
            named = self._id(line, column)
        return named or self.unnamed(line, Agency.EARLY_HELP)

    def own(self, cell: object) -> str | None:
        """The id of the team of ssd_department that a cell names by id or by name."""
        said = text(cell)
        if said is None:
            return None
        try:
            held = ident(cell)
        except ValueError:
            held = None
        return held if held in self._ids else self._by_name.get(said.casefold())

    def unnamed(self, line: Line, agency: Agency = Agency.SOCIAL_CARE) -> str:
        """The id of the service that stands for a team that is not named."""
        return self._keep(line, service(None, agency))

    def rest(self) -> Iterator[Row]:
        """The services that only other tables name, and who is part of whom."""
        for made, line in self._named.values():
            yield _row(line, made)
        for line, team, parent in self._parents:
            if self._whole and not self._lost and parent not in self._ids:
                sentence = "names a parent that is not in ssd_department; it is left out"
                self._notes.once(line, "dept_team_parent_id", sentence)
            else:
                yield ParentRow(
                    record=f"{team}/{parent}",
                    file=line.file,
                    line=line.number,
                    service=team,
                    parent=parent,
                )

    def _own(self, line: Line, team: str) -> ServiceRow:
        name = _label(line, "dept_team_name")
        if name is None:
            line.odd.setdefault("dept_team_name", "is missing; the team is called by its id")
        else:
            self._call(line, team)
        self._ids.add(team)
        self._notes.warn(line)
        made = service(name or f"Team {re.sub('[^A-Za-z0-9]+', ' ', team)}", Agency.SOCIAL_CARE)
        agency = _AGENCIES.get(made.kind, made.agency)
        return _row(line, made.model_copy(update={"id": team, "agency": agency}))

    def _call(self, line: Line, team: str | None) -> None:
        """Keep the name of a team, by which it is found unless another one has it too."""
        if name := line.text("dept_team_name"):
            key = name.casefold()
            self._by_name[key] = None if key in self._by_name else team

    def _id(self, line: Line, column: str) -> str | None:
        """An id that is not in ssd_department."""
        if self._whole and not self._lost:
            self._notes.once(line, column, _UNKNOWN_TEAM)
            return None
        try:
            return ident(line.raw(column))
        except ValueError:
            return None

    def _name(self, line: Line, column: str, agency: Agency) -> str | None:
        name = _label(line, column)
        if name is None:
            return None
        made = service(name, agency)
        if self._lost:
            # It may be that of the refused row: who is known already stays, and nobody moves elsewhere.
            return made.id
        agency = _AGENCIES.get(made.kind, agency)
        return self._keep(line, made.model_copy(update={"agency": agency}))

    def _keep(self, line: Line, made: Service) -> str:
        """Hold a service; of several spellings the one that sorts first, whatever their order."""
        held = self._named.get(made.id)
        if held is None or (made.name, made.agency) < (held[0].name, held[0].agency):
            self._named[made.id] = (made, line)
        return made.id


def _is_name(said: str) -> bool:
    """True for a name, as MASH or Team 4; False for an id, as 1042 or ORG-77A."""
    return not re.search(r"\d", said) or " " in said


def _label(line: Line, column: str) -> str | None:
    try:
        return cells.label(line.text(column))
    except ValueError as error:
        line.odd[column] = f"{error}; the row is taken without it"
        return None


def _row(line: Line, made: Service) -> ServiceRow:
    return ServiceRow(record=f"{made.id}/", file=line.file, line=line.number, service=made)
