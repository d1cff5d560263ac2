"""What a question gives back: frozen, ready to show, with nothing in it that the viewer may not see."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from graph.model import (
    Agency,
    Authority,
    Identity,
    InvolvementKind,
    Model,
    Part,
    Period,
    PointerKind,
    Practitioner,
    Service,
)

# Of a source that sends for no single authority.
EVERYWHERE = "All of England"


class BoundaryKind(StrEnum):
    """The two kinds of boundary."""

    AREA = "area"
    AGENCY = "agency"


class Crossing(Model):
    """One boundary that an involvement crosses, what lies beyond it, and why we say so."""

    kind: BoundaryKind
    beyond: Authority | Agency
    why: str


class Allocation(Model):
    """A practitioner named for the child, within an involvement.

    left_on: the day on which they left the service, where that has passed.
    """

    practitioner: Practitioner
    part: Part
    period: Period
    left_on: date | None = None


class Successor(Model):
    """A service that took over another one's work, and since when."""

    name: str
    duty_line: str | None = None
    since: date | None = None


class ContactKind(StrEnum):
    """Whose telephone it is."""

    WORKER = "worker"
    DUTY = "duty line"
    OUT_OF_HOURS = "out-of-hours line"
    BROKER = "broker line"


class Involvement(Model):
    """A service's involvement with the child.

    kind: what it is, where the source says so; successors: who took the service's work over.
    service: None where it is sensitive and withheld: then source and allocations are empty too.
    asserted_on: date of the extract on which an open involvement rests. doubted_on, doubted_line: when
    somebody said last which of the service's telephones is wrong, until it is confirmed.
    recorded_at, retracted_at: when this version entered the graph, and when it was replaced.
    """

    service: Service | None
    authority: Authority
    period: Period
    kind: InvolvementKind | None = None
    allocations: Sequence[Allocation] = ()
    successors: Sequence[Successor] = ()
    doubted_on: date | None = None
    doubted_line: ContactKind | None = None
    crossings: Sequence[Crossing] = ()
    source: str | None
    asserted_on: date
    recorded_at: datetime
    retracted_at: datetime | None = None


class Home(Model):
    """An authority in whose area the child lives or lived."""

    authority: Authority
    period: Period


class Pointer(Model):
    """What an authority's source says of another authority and the child.

    said_by: the authority whose source says so; authority: number 000 where it is not named; now: what
    came after it where it has ended.
    """

    kind: PointerKind
    authority: Authority
    now: Sequence[Authority] = ()
    period: Period
    said_by: str


class Handover(Model):
    """What one authority ended and the next one of the same agency began, or did not.

    gap_days: days with nobody between; counted to the day of asking while `opened` is None.
    """

    agency: Agency
    from_authority: Authority
    to_authority: Authority
    closed: date
    opened: date | None
    gap_days: int


class Contact(Model):
    """Somebody to ring; the first in the list is the one to ring now.

    note: a sentence on why, and on who was passed over; confirmed_on: when the number was checked.
    hours: when somebody is there, staffed_until, opens: until when, or from when on; None where it is not
    known, or always. service_id: whose it is, None for the broker line and for who took a service over;
    handle: to say what came of ringing it, for this viewer, today.
    """

    kind: ContactKind
    name: str
    telephone: str | None
    service: str
    authority: str
    note: str
    confirmed_on: date | None = None
    staffed_now: bool = True
    hours: str | None = None
    staffed_until: datetime | None = None
    opens: datetime | None = None
    service_id: str | None = None
    handle: str = ""


class SourceAge(Model):
    """One source that was asked, and how old what it said is.

    authority: None where it sends for the whole country. age_days: since its last extract; None where
    it never sent.
    """

    id: str
    name: str
    authority: Authority | None
    agency: Agency
    last_extract: date | None
    age_days: int | None
    silent: bool

    @property
    def sends_for(self) -> str:
        """The name of the authority for which it sends."""
        return self.authority.name if self.authority else EVERYWHERE


class Coverage(Model):
    """What was asked, so that "nothing found" is never read as "nothing known".

    authorities_without_source: for which none sends but those that send for the whole country.
    """

    sources: Sequence[SourceAge] = ()
    authorities_without_source: Sequence[Authority] = ()

    @property
    def shown(self) -> int:
        """How many sources are shown; for the access record."""
        return len(self.sources)

    @property
    def national(self) -> bool:
        """True where a source sends for the whole country."""
        return any(source.authority is None for source in self.sources)

    @property
    def silent(self) -> list[SourceAge]:
        """The sources that have never sent, or not when they should have."""
        return [source for source in self.sources if source.silent]


class ServiceMap(Model):
    """Who works or has worked with a child, over which boundaries, and whom to ring.

    restricted: the child is shielded; everything else is empty but the broker line.
    identity: None where the viewer may not see it; also_known_as: other names that sources give.
    on: only what was open that day; known_at: as the graph stood at that instant. purpose,
    reference: what the viewer stated for this child, an emergency too.
    """

    handle: str
    restricted: bool = False
    purpose: str | None = None
    reference: str | None = None
    identity: Identity | None = None
    also_known_as: Sequence[str] = ()
    on: date | None = None
    known_at: datetime
    today: date
    broker_line: str
    involvements: Sequence[Involvement] = ()
    homes: Sequence[Home] = ()
    handovers: Sequence[Handover] = ()
    pointers: Sequence[Pointer] = ()
    ring_now: Sequence[Contact] = ()
    coverage: Coverage = Coverage()

    @property
    def shown(self) -> int:
        """How many involvements are shown; for the access record."""
        return len(self.involvements)

    def by_authority(self) -> list[tuple[Authority, list[Involvement]]]:
        """The involvements grouped by authority, those with something open first, then by name."""
        groups: dict[str, list[Involvement]] = {}
        for involvement in self.involvements:
            groups.setdefault(involvement.authority.number, []).append(involvement)
        pairs = [(group[0].authority, group) for group in groups.values()]
        return sorted(
            pairs, key=lambda pair: (not any(i.period.open for i in pair[1]), pair[0].name)
        )


class Outcome(StrEnum):
    """What a search came to."""

    ONE = "one match"
    SEVERAL = "possible matches"
    TOO_MANY = "too many"
    NONE = "none"
    CANNOT = "cannot answer"


class Reason(Model):
    """How one detail that was typed agrees; agreement is in words, as "day and month swapped"."""

    field: str
    agreement: str


class FoundChild(Model):
    """A child who fits, as far as the viewer may see; restricted: nothing but the broker line.

    identity: of a possible match only the details that were typed, as a source has them.
    """

    handle: str
    restricted: bool = False
    identity: Identity | None = None
    reasons: Sequence[Reason] = ()


class Found(Model):
    """What a search found, and what was asked to find it."""

    outcome: Outcome
    children: Sequence[FoundChild] = ()
    asked: Sequence[str] = ()
    broker_line: str
    coverage: Coverage = Coverage()

    @property
    def shown(self) -> int:
        """How many children are shown; for the access record."""
        return len(self.children)
