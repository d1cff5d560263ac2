"""What a loader hands to the door: checked rows, faults, and the report that comes back."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Self, TypeVar

from pydantic import Field, SkipValidation, model_validator

from graph.fields import AuthorityNumber, Day, RecordId, SourceId
from graph.model import (
    Agency,
    ChangeReason,
    Identity,
    InvolvementKind,
    Model,
    Part,
    Period,
    PointerKind,
    Practitioner,
    Service,
)

T = TypeVar("T")
TABLES = (
    "services",
    "practitioners",
    "parents",
    "successors",
    "children",
    "homes",
    "involvements",
    "allocations",
    "pointers",
    "withdrawals",
)

# More names than these are no format's: they are not kept, and nothing is held against them.
MOST_UNREAD = 200
# Where an authority is not named; it stands in the graph as one, and never as a boundary.
UNNAMED = "000"


class Consent(StrEnum):
    """What a source says about consent to show a sensitive service."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"


RowId = Annotated[str, Field(max_length=140)]


class Row(Model):
    """One row of a source, checked; `file` and `line` say where it stands.

    record: the source's own id of the row, unique in its table.
    """

    table: ClassVar[str]
    record: RowId
    file: str
    line: int


class ServiceRow(Row):
    """A service in one authority's area; a service over two areas has two rows.

    service.id is the source's own id of the service; record is that id, "/" and the authority.
    authority: None means the source's own, or none where that is a national register; UNNAMED that it
    is not known.
    """

    table = "services"
    service: Service
    authority: AuthorityNumber | None = None
    period: Period = Period()


class PractitionerRow(Row):
    """A practitioner's post at one service; two posts are two rows.

    practitioner.id and service are the source's own ids; record is the two with "/" between.
    """

    table = "practitioners"
    practitioner: Practitioner
    service: RecordId
    period: Period = Period()


class ParentRow(Row):
    """A service that is part of another one of the same source, as a team of a department."""

    table = "parents"
    service: RecordId
    parent: RecordId
    period: Period = Period()


class SuccessorRow(Row):
    """A service of the source whose work another one of the same source took over, from a day on."""

    table = "successors"
    service: RecordId
    successor: RecordId
    period: Period = Period()


class ChildRow(Row):
    """Who the source says a child is; record is the source's own id of the child.

    shielded: True marks the child as shielded; False says nothing and never lifts it.
    """

    table = "children"
    identity: Identity
    shielded: bool = False


class HomeRow(Row):
    """The authority in whose area a child lives or lived; never an address."""

    table = "homes"
    child: RecordId
    authority: AuthorityNumber
    period: Period


class InvolvementRow(Row):
    """A service's involvement with a child.

    kind: what it is, where the source says so.
    consent: to show a sensitive service; None says nothing and changes nothing. consent_until: the last
    day on which it holds; consent_for: agencies that may be shown it, all where none is named.
    """

    table = "involvements"
    child: RecordId
    service: RecordId
    period: Period
    kind: InvolvementKind | None = None
    consent: Consent | None = None
    consent_until: Day | None = None
    consent_for: tuple[Agency, ...] = ()

    @model_validator(mode="after")
    def _terms(self) -> Self:
        if (self.consent_until or self.consent_for) and self.consent is not Consent.GIVEN:
            raise ValueError("says how far consent goes, but not consent: given")
        return self


class AllocationRow(Row):
    """A practitioner named for a child, within the involvement of a service."""

    table = "allocations"
    child: RecordId
    practitioner: RecordId
    service: RecordId
    part: Part = Part.ALLOCATED_WORKER
    period: Period
    change_reason: ChangeReason | None = None


class PointerRow(Row):
    """What a source knows of another authority and a child.

    authority: None where the source does not name it.
    """

    table = "pointers"
    child: RecordId
    kind: PointerKind
    authority: AuthorityNumber | None = None
    period: Period


class WithdrawalRow(Row):
    """A child of whom the source takes back everything that it said."""

    table = "withdrawals"
    child: RecordId


class Fault(Model):
    """Why a row, or a cell of it, was not taken; never the cell's content.

    line: as an editor counts, 1 first; column: the header of the cell, empty for the whole row.
    record: the row's own id where it could be read; None holds back every ending in its table.
    hides: the row would have shielded a child or withdrawn a consent, which is done all the same.
    between: child and service whose consent it withdraws, where both could be read; never printed.
    """

    file: str
    line: int
    column: str = ""
    sentence: str
    table: str = ""
    record: RowId | None = None
    hides: bool = False
    between: tuple[RowId, RowId] | None = Field(default=None, exclude=True, repr=False)

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}" + (
            f", column {self.column}" if self.column else ""
        )
        return f"{where}: {self.sentence}"


class Batch(Model):
    """Everything that one extract says; its rows are read once, and need not be in memory.

    feed: the kind of loader; what one feed sends is not ended by another of the same source.
    full: True for a snapshot: what is missing from it has ended.
    tables: those that the extract holds; one that it does not hold at all has nothing ended.
    stream: rows of any table, from a file that may be larger than memory. faults, warnings and unread
    may grow while it is read.
    unread: what stands in the extract and no loader reads, as 'column "age" of schools'; no content.
    """

    source: SourceId
    feed: str
    extracted: Day
    full: bool = True
    tables: Sequence[str] = TABLES
    services: Sequence[ServiceRow] = ()
    practitioners: Sequence[PractitionerRow] = ()
    parents: Sequence[ParentRow] = ()
    successors: Sequence[SuccessorRow] = ()
    children: Sequence[ChildRow] = ()
    homes: Sequence[HomeRow] = ()
    involvements: Sequence[InvolvementRow] = ()
    allocations: Sequence[AllocationRow] = ()
    pointers: Sequence[PointerRow] = ()
    withdrawals: Sequence[WithdrawalRow] = ()
    stream: SkipValidation[Iterable[Row]] = ()
    faults: SkipValidation[Sequence[Fault]] = ()
    warnings: SkipValidation[Sequence[Fault]] = ()
    unread: SkipValidation[Iterable[str]] = ()

    def rows(self) -> Iterator[Row]:
        """Every row, once."""
        return self.each(lambda row: row)

    def each(self, make: Callable[[Row], T]) -> Iterator[T]:
        """What is made of every row, once; where the stream is read aside, it is made there, too."""
        for table in TABLES:
            yield from map(make, getattr(self, table))
        aside = getattr(self.stream, "each", None)
        yield from aside(make) if aside else map(make, self.stream)

    def kept_unread(self) -> list[str] | None:
        """What is not read, each once and sorted; None where there are more than MOST_UNREAD."""
        found = sorted(set(self.unread))
        return found if len(found) <= MOST_UNREAD else None


class LoadReport(Model):
    """What a load did, in rows.

    read = new + changed + unchanged + rejected; ended rows were not read but missed; for_review
    counts pairs that wait for a steward since, joined those that are one child since. tables: good
    rows by table; involvements: those that are open; unnamed: those of them that name no worker.
    unread: the batch's, sorted; None where there are more than MOST_UNREAD.
    """

    source: SourceId
    feed: str
    extracted: date
    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    ended: int = 0
    rejected: int = 0
    for_review: int = 0
    joined: int = 0
    tables: Mapping[str, int] = Field(default_factory=dict)
    involvements: int = 0
    unnamed: int = 0
    unread: Sequence[str] | None = Field(default=(), repr=False)
    seconds: float = 0.0
    faults: Sequence[Fault] = Field(default=(), repr=False)
    warnings: Sequence[Fault] = Field(default=(), repr=False)

    @property
    def rows_a_second(self) -> float:
        """Rows read in a second of loading."""
        return self.read / self.seconds if self.seconds else 0.0
