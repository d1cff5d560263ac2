"""The columns of Signpost's own CSV, one table to a file; docs/csv.md says the same in words."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from graph import (
    Agency,
    AllocationRow,
    ChildRow,
    HomeRow,
    InvolvementRow,
    ParentRow,
    PointerRow,
    PractitionerRow,
    Row,
    ServiceRow,
    SuccessorRow,
    WithdrawalRow,
)
from loaders.cells import record_id
from loaders.identities import child_name


@lru_cache(maxsize=50_000)
def _day(cell: str) -> date | None:
    try:
        return date.fromisoformat(cell) if re.fullmatch(r"\d{4}-\d\d-\d\d", cell) else None
    except ValueError:
        return None


def day(cell: str) -> date:
    """Read a date, as 2026-03-04 and in no other way.

    Return it. Raise ValueError with a sentence.
    """
    found = _day(cell)
    if found is None:
        raise ValueError("is not a date, as 2026-03-04")
    return found


def flag(cell: str) -> bool:
    """Read yes or no.

    Return True for yes. Raise ValueError with a sentence.
    """
    if cell not in ("yes", "no"):
        raise ValueError("must be yes, no or empty")
    return cell == "yes"


def names(cell: str) -> tuple[str, ...]:
    """Read names with a semicolon between."""
    return tuple(name.strip() for name in cell.split(";") if name.strip())


def agencies(cell: str) -> tuple[Agency, ...]:
    """Read agencies with a semicolon between.

    Return them. Raise ValueError with a sentence.
    """
    try:
        return tuple(map(Agency, names(cell)))
    except ValueError:
        known = ", ".join(Agency)
        raise ValueError(f"must be agencies with a semicolon between, of {known}") from None


@dataclass(frozen=True)
class Column:
    """One column: its header, where its cells go ("" is the row itself), and how they are read."""

    name: str
    part: str = ""
    key: str = ""
    required: bool = False
    read: Callable[[str], object] | None = None


@dataclass(frozen=True)
class Table:
    """One file: its stem, its rows, its columns.

    record: the columns that make a row's own id, with "/" between.
    parts: the models inside a row. says: the header for a field that has another name.
    """

    name: str
    row: type[Row]
    record: tuple[str, ...]
    columns: tuple[Column, ...]
    parts: tuple[str, ...] = ("period",)
    says: dict[str, str] = field(default_factory=dict)

    def header(self, name: str) -> str:
        """The column in which a field of the row stands; empty for none."""
        name = self.says.get(name, name)
        return name if any(column.name == name for column in self.columns) else ""


def _need(name: str, part: str = "", key: str = "") -> Column:
    return Column(name, part, key, required=True)


def _own_id(name: str, part: str = "", key: str = "") -> Column:
    return Column(name, part, key, required=True, read=record_id)


def _may(part: str, *names: str) -> tuple[Column, ...]:
    return tuple(Column(name, part) for name in names)


def _day_in(part: str, *names: str) -> tuple[Column, ...]:
    return tuple(Column(name, part, read=day) for name in names)


_FROM_TO = _day_in("period", "from", "to")
_SAYS = {"period": "to"}

SERVICES = Table(
    name="services",
    row=ServiceRow,
    record=("service", "authority"),
    parts=("period", "service"),
    says={**_SAYS, "id": "service", "record": "service"},
    columns=(
        _own_id("service", "service", "id"),
        _need("name", "service"),
        _need("agency", "service"),
        *_may("", "authority"),
        *_may("service", "kind", "code", "duty_line", "out_of_hours_line", "hours"),
        Column("sensitive", "service", read=flag),
        *_day_in("service", "confirmed_on"),
        *_may("service", "confirmed_by"),
        *_FROM_TO,
    ),
)
PRACTITIONERS = Table(
    name="practitioners",
    row=PractitionerRow,
    record=("practitioner", "service"),
    parts=("period", "practitioner"),
    says={**_SAYS, "id": "practitioner", "record": "practitioner"},
    columns=(
        _own_id("practitioner", "practitioner", "id"),
        _own_id("service"),
        _need("name", "practitioner"),
        *_may("practitioner", "profession", "registration", "work_phone", "work_email"),
        *_day_in("practitioner", "confirmed_on"),
        *_FROM_TO,
    ),
)
PARENTS = Table(
    name="parents",
    row=ParentRow,
    record=("service", "parent"),
    says={**_SAYS, "record": "service"},
    columns=(_own_id("service"), _own_id("parent"), *_FROM_TO),
)
SUCCESSORS = Table(
    name="successors",
    row=SuccessorRow,
    record=("service", "successor"),
    says={**_SAYS, "record": "service"},
    columns=(_own_id("service"), _own_id("successor"), *_FROM_TO),
)
CHILDREN = Table(
    name="children",
    row=ChildRow,
    record=("child",),
    parts=("identity",),
    says={"record": "child"},
    columns=(
        _own_id("child", key="record"),
        *_may("identity", "nhs_number", "upn", "sex", "postcode"),
        *(Column(name, "identity", read=child_name) for name in ("family_name", "given_name")),
        *(Column(name, "identity", read=names) for name in ("former_names", "former_upns")),
        *_day_in("identity", "birth_date", "expected_date"),
        Column("shielded", read=flag),
    ),
)
HOMES = Table(
    name="homes",
    row=HomeRow,
    record=("home",),
    says={**_SAYS, "record": "home"},
    columns=(_own_id("home", key="record"), _need("child"), _need("authority"), *_FROM_TO),
)
INVOLVEMENTS = Table(
    name="involvements",
    row=InvolvementRow,
    record=("involvement",),
    says={**_SAYS, "record": "involvement"},
    columns=(
        _own_id("involvement", key="record"),
        _need("child"),
        _need("service"),
        *_may("", "kind", "consent"),
        *_day_in("", "consent_until"),
        Column("consent_for", read=agencies),
        *_FROM_TO,
    ),
)
ALLOCATIONS = Table(
    name="allocations",
    row=AllocationRow,
    record=("allocation",),
    says={**_SAYS, "record": "allocation"},
    columns=(
        _own_id("allocation", key="record"),
        _need("child"),
        _need("practitioner"),
        _need("service"),
        *_may("", "part", "change_reason"),
        *_FROM_TO,
    ),
)
POINTERS = Table(
    name="pointers",
    row=PointerRow,
    record=("pointer",),
    says={**_SAYS, "record": "pointer"},
    columns=(
        _own_id("pointer", key="record"),
        _need("child"),
        _need("kind"),
        *_may("", "authority"),
        *_FROM_TO,
    ),
)
WITHDRAWALS = Table(
    name="withdrawals",
    row=WithdrawalRow,
    record=("child",),
    parts=(),
    says={"record": "child"},
    columns=(_own_id("child"),),
)
CSV_TABLES = (
    SERVICES,
    PRACTITIONERS,
    PARENTS,
    SUCCESSORS,
    CHILDREN,
    HOMES,
    INVOLVEMENTS,
    ALLOCATIONS,
    POINTERS,
    WITHDRAWALS,
)
TABLES = {table.name: table for table in CSV_TABLES}
