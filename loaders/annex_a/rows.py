"""From the rows of Annex A's lists to children, services, practitioners and their ties."""

from datetime import date
from typing import Any, TypeVar

from graph import (
    AllocationRow,
    ChildRow,
    Fault,
    HomeRow,
    InvolvementRow,
    Part,
    Period,
    Practitioner,
    PractitionerRow,
    Profession,
    Row,
    ServiceRow,
)
from loaders.annex_a.keys import Keys, Named, keys
from loaders.annex_a.line import Line
from loaders.days import between
from loaders.identities import filled

R = TypeVar("R", bound=Row)
_WAITS = {
    "services": "its team waits until the row is repaired",
    "homes": "its home waits until the row is repaired",
    "practitioners": "its worker waits until the row is repaired",
    "children": "its child waits until the row is repaired",
    "allocations": "its allocation waits until the row is repaired",
}


class AnnexRows:
    """Takes lines one by one, and holds each child, service and post once."""

    def __init__(self, extracted: date) -> None:
        self.faults: list[Fault] = []
        self.warnings: list[Fault] = []
        self._extracted = extracted
        self._rows: dict[str, dict[str, Any]] = {table: {} for table in (*_WAITS, "involvements")}
        self._met: set[str] = set()
        self._advisers: set[str] = set()
        self._waiting: list[tuple[Line, str, str | None]] = []

    def take(self, line: Line) -> None:
        """Take what a row says; a referral without further action is an event and leaves nothing."""
        if line.values.get("nfa"):
            return
        found = keys(line, self._extracted, self._met)
        if line.wrong:
            self._refuse(line, found)
        else:
            self._hold(line, found)
            self.warnings += [_fault(line, *said) for said in line.odd.items()]

    def tables(self) -> dict[str, Any]:
        """Rows by table, and the faults, once every line is taken."""
        self.faults += [
            _fault(line, "", _WAITS[table], table, record)
            for line, table, record in self._waiting
            if record is None or record not in self._rows[table]
        ]
        self._waiting.clear()
        posts = [self._profession(post) for post in self._rows["practitioners"].values()]
        rows = {table: list(rows.values()) for table, rows in self._rows.items()}
        return {
            **rows,
            "practitioners": posts,
            "faults": self.faults,
            "warnings": self.warnings,
        }

    def _refuse(self, line: Line, found: Keys) -> None:
        self.faults += [
            _fault(line, column, sentence, "involvements", found.involvement)
            for column, sentence in line.wrong.items()
        ]
        self._waiting += [(line, table, record) for table, record in found.records()]

    def _hold(self, line: Line, found: Keys) -> None:
        child, team, record = str(found.child), found.team, str(found.involvement)
        assert team is not None
        period = between(line.values.get("start"), line.values.get("end"))
        self._know(line, child)
        self._add(line, ServiceRow, f"{team.id}/", service=team)
        tie = {"child": child, "service": team.id, "period": period}
        self._add(line, InvolvementRow, record, kind=line.at.list.kind, **tie)
        for home in found.homes:
            self._house(line, home, child, period)
        for named in found.named:
            self._name(line, named, **tie)

    def _house(self, line: Line, home: str | None, child: str, care: Period) -> None:
        """Add the authority in whose area a child in care lives; never where in it."""
        spent = between(line.values.get("since") or care.from_, care.to)
        self._add(line, HomeRow, home, child=child, authority=line.values["placed"], period=spent)

    def _name(self, line: Line, named: Named, **tie: Any) -> None:
        """Add a practitioner's post and allocation; Annex A does not say from when they run."""
        if named.part is Part.PERSONAL_ADVISER:
            self._advisers.add(named.id)
        who = Practitioner(id=named.id, name=named.name)
        self._add(line, PractitionerRow, named.post, practitioner=who, service=tie["service"])
        tie |= {"practitioner": named.id, "part": named.part, "period": Period()}
        self._add(line, AllocationRow, named.allocation, **tie)

    def _know(self, line: Line, child: str) -> None:
        """Add the child, or fill in what an earlier list left open."""
        met = self._add(line, ChildRow, child, identity=line.identity)
        was, now = met.identity, line.identity
        if was.birth_date and now.birth_date and was.birth_date != now.birth_date:
            line.odd["birth_date"] = (
                f"differs from {met.file.rpartition('/')[2]}, line {met.line}, which is taken"
            )
        self._rows["children"][child] = met.model_copy(update={"identity": filled(was, now)})

    def _add(self, line: Line, kind: type[R], record: str | None, /, **fields: Any) -> R:
        table = self._rows[kind.table]
        if record not in table:
            row = kind(record=str(record), file=line.at.file, line=line.number, **fields)
            table[row.record] = row
        return table[str(record)]

    def _profession(self, post: PractitionerRow) -> PractitionerRow:
        if post.practitioner.id not in self._advisers:
            return post
        who = post.practitioner.model_copy(update={"profession": Profession.PERSONAL_ADVISER})
        return post.model_copy(update={"practitioner": who})


def _fault(
    line: Line, column: str, sentence: str, table: str = "", record: str | None = None
) -> Fault:
    return Fault(
        file=line.at.file,
        line=line.number,
        column=line.at.title(column) if column else "",
        sentence=sentence,
        table=table,
        record=record,
    )
