"""A small world for tests: made-up people, NHS numbers of the test range, drama telephones."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from graph import (
    TABLES,
    AllocationRow,
    Batch,
    ChildRow,
    FindChild,
    Graph,
    HomeRow,
    Identity,
    InvolvementRow,
    Part,
    Period,
    Practitioner,
    PractitionerRow,
    Purpose,
    Role,
    Service,
    ServiceMap,
    ServiceMapOf,
    ServiceRow,
    Source,
    Viewer,
)

BROKER = "01632 960999"
STEWARD = Viewer(id="steward.one", role=Role.STEWARD)
NURSE = Viewer(
    id="nurse.one", role=Role.PRACTITIONER, purpose=Purpose.EMERGENCY_CARE, reference="ED-1042"
)
IDLE = Viewer(id="idle.one", role=Role.PRACTITIONER)
LEAD = Viewer(id="lead.one", role=Role.LEAD, authority="383")
FAR_LEAD = Viewer(id="lead.two", role=Role.LEAD, authority="201")
AUDITOR = Viewer(id="auditor.one", role=Role.AUDITOR)
CHIDI, SHIELDED, NOBODY = "9990000018", "9990000026", "9990000034"
LEEDS, BRADFORD = "383", "380"
EXTRACTED = date(2026, 11, 20)


@dataclass
class Clock:
    """The time of the tests: a Monday, 10:30 in London, moved by hand."""

    at: datetime = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)

    def reset(self) -> None:
        """Back to the start."""
        self.at = Clock.at

    def forward(self, **by: int) -> datetime:
        """Move on by a timedelta's words and return the new time."""
        self.at += timedelta(**by)
        return self.at


NOW = Clock()


def span(start: str | None = None, end: str | None = None) -> Period:
    """A period from two ISO dates."""
    return Period.model_validate({"from": start, "to": end})


def at(line: int, table: str) -> dict[str, Any]:
    """Where a row stands."""
    return {"file": f"{table}.csv", "line": line}


def service(local: str, name: str, authority: str, **more: Any) -> ServiceRow:
    """A service row."""
    fields = {"agency": "social care", **more}
    made = Service.model_validate({"id": local, "name": name, **fields})
    return ServiceRow(
        record=f"{local}/{authority}", service=made, authority=authority, **at(2, "services")
    )


def worker(local: str, name: str, where: str, post: Period | None = None) -> PractitionerRow:
    """A practitioner at a service."""
    made = Practitioner.model_validate(
        {
            "id": local,
            "name": name,
            "profession": "social worker",
            "work_phone": "0113 496 0107",
            "registration": "SW000007",
            "work_email": "amina.yusuf@example.org",
        }
    )
    return PractitionerRow(
        record=f"{local}/{where}",
        practitioner=made,
        service=where,
        period=post or span("2019-01-01"),
        **at(2, "practitioners"),
    )


def child(local: str, shielded: bool = False, line: int = 2, **identity: Any) -> ChildRow:
    """A child row."""
    return ChildRow(
        record=local,
        identity=Identity.model_validate(identity),
        shielded=shielded,
        **at(line, "children"),
    )


def home(local: str, whose: str, authority: str, period: Period) -> HomeRow:
    """A home row."""
    return HomeRow(record=local, child=whose, authority=authority, period=period, **at(2, "homes"))


def involvement(local: str, whose: str, by: str, period: Period, **more: Any) -> InvolvementRow:
    """An involvement row."""
    return InvolvementRow(
        record=local, child=whose, service=by, period=period, **more, **at(2, "involvements")
    )


def allocation(local: str, whose: str, who: str, by: str, period: Period) -> AllocationRow:
    """An allocation row."""
    return AllocationRow(
        record=local,
        child=whose,
        practitioner=who,
        service=by,
        part=Part.LEAD_PROFESSIONAL,
        period=period,
        **at(2, "allocations"),
    )


def leeds(**over: Any) -> Batch:
    """Leeds social care: Chidi, who moved to Bradford; a shielded child; a worker who left."""
    tables: dict[str, Any] = {
        "services": [
            service(
                "T1",
                "Leeds Front Door",
                LEEDS,
                duty_line="0113 496 0101",
                out_of_hours_line="0113 496 0102",
                hours="Mo-Fr 09:00-17:00",
                confirmed_on="2026-11-02",
            ),
            service(
                "T2", "Leeds Mind", LEEDS, agency="health", kind="mental health", sensitive=True
            ),
        ],
        "practitioners": [
            worker("P1", "Amina Yusuf", "T1"),
            worker("P2", "Tom Left", "T1", span("2019-01-01", "2026-09-30")),
        ],
        "children": [
            child(
                "C1",
                nhs_number=CHIDI,
                family_name="Okafor",
                given_name="Chidi",
                birth_date="2015-06-09",
                postcode="LS1 4AP",
            ),
            child(
                "C2",
                shielded=True,
                nhs_number=SHIELDED,
                family_name="Nowak",
                given_name="Zofia",
                birth_date="2012-02-29",
            ),
        ],
        "homes": [
            home("H1", "C1", LEEDS, span("2015-06-09", "2026-03-03")),
            home("H2", "C1", BRADFORD, span("2026-03-04")),
        ],
        "involvements": [
            involvement("I1", "C1", "T1", span("2020-01-06")),
            involvement("I2", "C1", "T2", span("2021-05-01")),
            involvement("I3", "C2", "T1", span("2022-05-01")),
        ],
        "allocations": [
            allocation("A1", "C1", "P1", "T1", span("2024-01-06")),
            allocation("A2", "C1", "P2", "T1", span("2020-01-06")),
        ],
    }
    said = {"source": "leeds-social-care", "feed": "csv", "extracted": EXTRACTED}
    return Batch.model_validate({**said, **tables, **over})


def bradford(**over: Any) -> Batch:
    """Bradford health: Chidi by the same NHS number under another spelling."""
    tables: dict[str, Any] = {
        "services": [
            service(
                "A9",
                "Bradford Emergency Department",
                BRADFORD,
                agency="health",
                hours="24/7",
                duty_line="01632 960201",
                kind="emergency department",
            )
        ],
        "children": [
            child(
                "77",
                nhs_number=CHIDI,
                family_name="Okafor-Eze",
                given_name="Chidi",
                birth_date="2015-06-09",
            )
        ],
        "involvements": [involvement("1", "77", "A9", span("2026-04-10", "2026-04-11"))],
    }
    said = {"source": "bradford-health", "feed": "csv", "extracted": EXTRACTED}
    return Batch.model_validate({**said, **tables, **over})


SOURCES = (
    Source.model_validate(
        {
            "id": "leeds-social-care",
            "name": "Leeds social care",
            "authority": LEEDS,
            "agency": "social care",
            "every_days": 7,
            "basis": "public task",
            "keep_years": 6,
        }
    ),
    Source.model_validate(
        {
            "id": "bradford-health",
            "name": "Bradford health",
            "authority": BRADFORD,
            "agency": "health",
            "every_days": 7,
            "basis": "public task",
            "keep_years": 6,
        }
    ),
    Source.model_validate(
        {
            "id": "bradford-police",
            "name": "Bradford police",
            "authority": BRADFORD,
            "agency": "police",
            "every_days": 7,
            "basis": "public task",
            "keep_years": 6,
        }
    ),
)


# What of a map is made anew each time: handles.
HANDLES: Any = {"handle": True, "ring_now": {"__all__": {"handle"}}}


@dataclass
class World:
    """The small world, and short words for asking about it."""

    graph: Graph
    viewer: Viewer = field(default=NURSE)

    @classmethod
    def loaded(cls, graph: Graph) -> "World":
        """Load two sources; the third was registered as long ago, and stays silent."""
        NOW.forward(days=-15)
        for source in SOURCES:
            graph.load(STEWARD, source)
        NOW.forward(days=15)
        graph.load(STEWARD, leeds())
        graph.load(STEWARD, bradford())
        return cls(graph)

    def handle(self, number: str = CHIDI, viewer: Viewer | None = None) -> str:
        """A handle for the child of an NHS number."""
        found = self.graph.ask(viewer or self.viewer, FindChild(nhs_number=number))
        return found.children[0].handle

    def map(self, number: str = CHIDI, viewer: Viewer | None = None, **asked: Any) -> ServiceMap:
        """The service map of the child of an NHS number."""
        who = viewer or self.viewer
        return self.graph.ask(who, ServiceMapOf(child=self.handle(number, who), **asked))


def at_once(times: int, work: Callable[[], Any]) -> None:
    """Do something in as many threads; what one of them raises is raised."""
    with ThreadPoolExecutor(times) as threads:
        for done in [threads.submit(work) for _ in range(times)]:
            done.result()


def whole(batch: Batch) -> Batch:
    """The same batch with its stream read into its tables."""
    tables: dict[str, list[Any]] = {table: list(getattr(batch, table)) for table in TABLES}
    for row in batch.stream:
        tables[row.table].append(row)
    return batch.model_copy(update={**tables, "stream": ()})
