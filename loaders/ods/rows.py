"""From what a file says of an organisation to the rows of its service and of its successions."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from graph import Agency, Fault, Period, Row, Service, ServiceRow, SuccessorRow
from loaders.cells import label
from loaders.days import between
from loaders.ods.kinds import LOCAL_AUTHORITIES, OTHER_AGENCIES, kind_of
from loaders.tally import Tally
from loaders.telephones import telephone

T = TypeVar("T")
CODE = re.compile(r"[A-Z0-9]{3,10}")
# Of general practitioners and dentists, who are people (NHS Data Model and Dictionary).
_PERSON = re.compile(r"G\d{7}|D\d{6,7}")


@dataclass(frozen=True)
class Style:
    """How a format names what is read of it, and how it writes a day."""

    titles: Mapping[str, str]
    day: Callable[[str], date | None]


@dataclass(frozen=True)
class Succession:
    """One organisation that took over from another; `other` is the one that is not the file's."""

    before: str
    after: str
    day: str
    other: tuple[str, ...] = ()


@dataclass(frozen=True)
class Organisation:
    """What a file says of an organisation: texts by code, name, opened, closed and phone.

    ended: its status says that it is no more. sure: False where it may have swallowed others.
    """

    file: str
    line: int
    said: Mapping[str, str]
    ended: bool = False
    roles: tuple[str, ...] = ()
    successions: tuple[Succession, ...] = ()
    sure: bool = True

    @property
    def code(self) -> str:
        """Its ODS code; empty where it is not one."""
        code = self.said.get("code", "").upper()
        return code if CODE.fullmatch(code) else ""


@dataclass
class OdsRows:
    """Takes organisations one by one; what is not taken goes to the faults.

    once: an organisation that comes again and says the same is passed over, as on pages of an answer.
    """

    style: Style
    faults: list[Fault]
    tally: Tally
    once: bool = False
    taken: int = 0
    _met: dict[str, int] = field(default_factory=dict)

    def take(self, one: Organisation) -> Iterator[Row]:
        """Read what is said of one organisation; return its rows."""
        self.taken += 1
        if why := _left_out(one):
            self.tally.add(one.file, one.line, "", why, most=1)
            return
        wrong: dict[str, str] = {}
        row = self._service(one, wrong)
        if row is None:
            self._refuse(one, wrong)
        elif not self._again(one, row):
            yield row
            yield from self._successions(one)

    def _service(self, one: Organisation, wrong: dict[str, str]) -> ServiceRow | None:
        name = self._read(one, "name", label, wrong)
        period = self._period(one, wrong)
        if not one.code:
            wrong["code"] = "is not an ODS code: 3 to 10 letters and digits"
        if not name:
            wrong.setdefault("name", "is missing")
        if wrong or period is None or not name:
            return None
        kind, hidden = kind_of(one.roles, name)
        made = Service(
            id=one.code,
            name=name,
            kind=kind,
            agency=Agency.HEALTH,
            sensitive=hidden,
            duty_line=self._phone(one),
            code=f"ods:{one.code}",
        )
        record = f"{one.code}/"
        return ServiceRow(record=record, service=made, period=period, file=one.file, line=one.line)

    def _period(self, one: Organisation, wrong: dict[str, str]) -> Period | None:
        opened = self._read(one, "opened", self.style.day, wrong)
        closed = self._read(one, "closed", self.style.day, wrong)
        if one.ended and not closed:
            wrong.setdefault("closed", "is missing, and the organisation is said to be closed")
        if opened and closed and closed < opened:
            wrong.setdefault("closed", "is before the opening day")
        return None if wrong else between(opened, closed)

    def _phone(self, one: Organisation) -> str | None:
        said = one.said.get("phone")
        found = telephone(said)
        if said and not found:
            self._warn(
                one, "phone", "is not a UK telephone number; the service is taken without it"
            )
        return found

    def _read(
        self,
        one: Organisation,
        what: str,
        read: Callable[[str], T | None],
        wrong: dict[str, str],
    ) -> T | None:
        """Read one text; what is wrong with it goes to `wrong`."""
        said = one.said.get(what, "")
        try:
            return read(said) if said else None
        except ValueError as error:
            wrong[what] = str(error)
            return None

    def _successions(self, one: Organisation) -> Iterator[SuccessorRow]:
        """The successions of one organisation; both it and the other may tell of the same."""
        for each in one.successions:
            record = f"{each.before}/{each.after}"
            if not LOCAL_AUTHORITIES.isdisjoint(each.other) or record in self._met:
                continue
            if not (CODE.fullmatch(each.before) and CODE.fullmatch(each.after)):
                sentence = (
                    "names a succession by what is not an ODS code; the succession is left out"
                )
                self.tally.add(one.file, one.line, "", sentence)
                continue
            self._met[record] = 1
            try:
                start = self.style.day(each.day)
            except ValueError as error:
                self._warn(one, "succession", f"{error}; the succession is taken without it")
                start = None
            yield SuccessorRow(
                record=record,
                service=each.before,
                successor=each.after,
                period=between(start),
                file=one.file,
                line=one.line,
            )

    def _again(self, one: Organisation, row: ServiceRow) -> bool:
        """True where the organisation came before and said the same."""
        if not self.once:
            return False
        says = hash(row.model_dump_json(exclude={"file", "line"}))
        before = self._met.get(one.code)
        self._met.setdefault(one.code, says)
        return before == says

    def _refuse(self, one: Organisation, wrong: Mapping[str, str]) -> None:
        record = f"{one.code}/" if one.code and one.sure else None
        self.faults += [
            Fault(
                file=one.file,
                line=one.line,
                column=self.style.titles[what],
                sentence=sentence,
                table="services",
                record=record,
            )
            for what, sentence in wrong.items()
        ]

    def _warn(self, one: Organisation, what: str, sentence: str) -> None:
        self.tally.add(one.file, one.line, self.style.titles[what], sentence)


def _left_out(one: Organisation) -> str:
    """Why an organisation is no health service; empty where it is one.

    A code of three digits is a local authority's (NHS Data Model and Dictionary, organisation code).
    """
    if not LOCAL_AUTHORITIES.isdisjoint(one.roles) or re.fullmatch(r"\d{3}", one.code):
        return "is a local authority, and no service, and is left out"
    if not OTHER_AGENCIES.isdisjoint(one.roles):
        return "is a school, police or a court, which other sources send, and is left out"
    if _PERSON.fullmatch(one.code):
        return "is a person, and no organisation, and is left out"
    return ""
