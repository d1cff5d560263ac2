"""From one Child of the census to its rows, and what of it cannot be taken."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError

from graph import (
    Agency,
    ChildRow,
    Fault,
    Identity,
    InvolvementKind,
    InvolvementRow,
    PointerRow,
    Row,
    Sex,
    explain,
)
from loaders import cells
from loaders.cin.spells import Spell, spells
from loaders.cin.tree import PLAN
from loaders.cin.values import Values, day
from loaders.days import one_day
from loaders.identities import upn
from loaders.services import service
from loaders.xml_text import Element

# The census names no team: all that it says is the work of one service, with one telephone.
SERVICE = service(None, Agency.SOCIAL_CARE)
_UNBORN = timedelta(days=300)
_GROWN = timedelta(days=26 * 365)
_TAKEN = "; the row is taken"
_WITHOUT = "; the child is taken without it"
_AFTER = f"is after the date of the extract{_TAKEN}"


@dataclass
class Taken:
    """What came of one Child."""

    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)


def take(child: Element, file: str, extracted: date) -> Taken:
    """Read a Child.

    file: as rows and faults name where it stands. Return its rows, and what was not taken of it.
    """
    return _Child(child, file, extracted).take()


class _Child:
    """One Child on its way to rows."""

    def __init__(self, child: Element, file: str, extracted: date) -> None:
        self._taken = Taken()
        self._line, self._file, self._extracted = child.line, file, extracted
        self._said = Values(child.all("ChildIdentifiers"))
        self._record = self._said.take("LAchildID", cells.identifier)
        self._spells = spells(child)
        self._work = [spell for spell in self._spells if not spell.event]
        self._identity = Identity()

    def take(self) -> Taken:
        """Read it; a referral without further action is an event and leaves nothing."""
        if not self._spells:
            self._warn(self._line, "", "has no CINdetails; nothing of it is taken")
        if self._work and self._record is None:
            self._refuse()
        elif self._work:
            self._identity = self._known()
            for spell in self._spells:
                self._odd(spell)
            for spell in self._work:
                self._take_spell(spell)
            self._take_child()
        return self._taken

    def _known(self) -> Identity:
        """Who the child is; what is wrong with that is noted."""
        said = self._said
        born, expected = (
            said.take(name, day) for name in ("PersonBirthDate", "ExpectedPersonBirthDate")
        )
        data: dict[str, Any] = {
            "upn": next(self._upns("UPN"), None),
            "former_upns": tuple(self._upns("FormerUPN")),
            "sex": said.take("Sex" if said.texts("Sex") else "GenderCurrent", cells.sex)
            or Sex.UNKNOWN,
        }
        if born and born < self._extracted - _GROWN:
            said.odd["PersonBirthDate"] = f"is more than 26 years before the extract{_TAKEN}"
        try:
            return Identity(**data, birth_date=born, expected_date=None if born else expected)
        except ValidationError as error:
            for column, sentence in explain(error, Identity):
                said.wrong[_COLUMN.get(column, column)] = sentence
            return Identity(**data)

    def _upns(self, name: str) -> Iterator[str]:
        """The pupil numbers under a name that can be; one that cannot is odd, since systems send many."""
        for text in self._said.texts(name):
            try:
                if number := upn(text):
                    yield number
            except ValueError as error:
                self._said.odd[name] = f"{error}{_WITHOUT}"

    def _refuse(self) -> None:
        """Nothing of a child without an id can be taken."""
        wrong = self._said.wrong.get("LAchildID", "is missing")
        self._fault(self._line, "LAchildID", wrong, "children", None)
        self._fault(self._line, "", _WAITS, "involvements", None)
        if any(spell.points for spell in self._work):
            self._fault(self._line, "", _WAITS, "pointers", None)

    def _take_child(self) -> None:
        for column, sentence in self._said.wrong.items():
            self._fault(self._line, column, sentence, "children", self._record)
        for column, sentence in self._said.odd.items():
            self._warn(self._line, column, sentence)
        if self._said.wrong:
            return
        if self._taken.rows:
            self._taken.rows.insert(
                0, self._row(ChildRow, self._line, self._record, identity=self._identity)
            )
        else:
            self._fault(self._line, "", _WAITS, "children", self._record)

    def _take_spell(self, spell: Spell) -> None:
        record = spell.record(spell.shape.mark, str(self._record))
        for column, sentence in spell.said.wrong.items():
            self._fault(spell.line, column, sentence, "involvements", record)
        if not spell.said.wrong:
            tie = {"child": self._record, "service": SERVICE.id, "kind": self._kind(spell)}
            row = self._row(InvolvementRow, spell.line, record, period=spell.period, **tie)
            self._taken.rows.append(row)
        for point in spell.points:
            record = spell.record(point.code, str(self._record))
            if point.day is None:
                self._fault(spell.line, "", _WAITS, "pointers", record)
                continue
            tie = {"child": self._record, "kind": point.kind, "period": one_day(point.day)}
            self._taken.rows.append(self._row(PointerRow, spell.line, record, **tie))

    def _kind(self, spell: Spell) -> InvolvementKind:
        """Its kind; a plan is one for an unborn child where it began before the birth."""
        born, expected = self._identity.birth_date, self._identity.expected_date
        begun = bool(spell.start and born and spell.start < born)
        if spell.shape is PLAN and (begun or (expected and not born)):
            return InvolvementKind.UNBORN_PROTECTION
        return spell.shape.kind

    def _odd(self, spell: Spell) -> None:
        said, shape = spell.said, spell.shape
        born = self._identity.birth_date
        if spell.event:
            pass
        elif spell.start and spell.start > self._extracted:
            said.odd[shape.start] = _AFTER
        elif spell.start and born and spell.start < born - _UNBORN:
            said.odd[shape.start] = f"is more than 300 days before the birth{_TAKEN}"
        if spell.end and spell.exact and not spell.event and spell.end > self._extracted:
            said.odd[shape.end] = _AFTER
        for column, sentence in said.odd.items():
            if column not in said.wrong:
                self._warn(spell.line, column, sentence)

    def _row(self, kind: type[Row], line: int, record: str | None, /, **fields: Any) -> Row:
        return kind(record=str(record), file=self._file, line=line, **fields)

    def _fault(self, line: int, column: str, sentence: str, table: str, record: str | None) -> None:
        where = {"file": self._file, "line": line, "column": column}
        self._taken.faults.append(Fault(**where, sentence=sentence, table=table, record=record))

    def _warn(self, line: int, column: str, sentence: str) -> None:
        where = {"file": self._file, "line": line, "column": column}
        self._taken.warnings.append(Fault(**where, sentence=sentence))


_COLUMN = {"birth_date": "PersonBirthDate", "expected_date": "ExpectedPersonBirthDate"}
_WAITS = "waits until the child is repaired"
