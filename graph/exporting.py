"""What one source said, given back to its steward as rows, page by page; never anything of another's."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from graph.access import Permission
from graph.asking import Asking
from graph.errors import BadKeyring, BadQuestion
from graph.map_rows import period
from graph.model import Model, Practitioner, Service
from graph.questions import Question
from graph.rows import (
    AllocationRow,
    ChildRow,
    Consent,
    InvolvementRow,
    PractitionerRow,
    Row,
    ServiceRow,
)

PAGE = 1_000
_NOWHERE = {"file": "", "line": 0}
_UNPLACED = {"authority": None, "from": None, "to": None}


class EpisodePage(Model):
    """Some children of one source, and all that it says of them, as rows; records are tokens.

    after: gives the next page; None after the last.
    """

    children: Sequence[ChildRow] = ()
    services: Sequence[ServiceRow] = ()
    practitioners: Sequence[PractitionerRow] = ()
    involvements: Sequence[InvolvementRow] = ()
    allocations: Sequence[AllocationRow] = ()
    after: str | None = None

    def rows(self) -> list[Row]:
        """All of them."""
        tables = (self.services, self.practitioners, self.children, self.involvements)
        return [row for table in (*tables, self.allocations) for row in table]

    @property
    def shown(self) -> int:
        """How many children."""
        return len(self.children)


class EpisodesOf(Question[EpisodePage]):
    """Which services are or were involved with which children, as this source said itself?

    Nobody who is shielded, and a sensitive service only with recorded consent. A child is told without
    the postcode, which is never shown. after: what the page before gave.
    """

    permission = Permission.EXPORT
    needs_child = True
    chooses = True
    source: str
    after: str | None = None
    size: Annotated[int, Field(ge=1, le=5_000)] = PAGE

    def asked(self) -> dict[str, Any]:
        """The source."""
        return {"source": self.source}

    def candidates(self, asking: Asking) -> list[str]:
        """The next children of the source, and one more, by which it is known whether there are more."""
        rows = asking.transaction.run(
            "find/episodes",
            source=self.source,
            authority=asking.viewer.authority,
            after=self._start(asking),
            size=self.size + 1,
            clearance=asking.clearance,
        )
        return [row["child"] for row in rows]

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> EpisodePage:
        """A page of rows; a child who is one with a shielded child is left out with it."""
        page = sorted(children)[: self.size]
        asking.chosen.extend(child for child in page if not children[child])
        told = asking.transaction.run(
            "ask/episodes",
            children=asking.chosen,
            source=self.source,
            today=asking.today,
            clearance=asking.clearance,
        )
        workers = self._rows(
            asking,
            "ask/episode_workers",
            practitioners=_met(told, "practitioner"),
            today=asking.today,
        )
        posts = {post["service"] for worker in workers for post in worker["posts"]}
        met = sorted({*_met(told, "service"), *posts})
        services = self._rows(asking, "ask/episode_services", services=met)
        more = len(children) > self.size
        return EpisodePage(
            children=[self._child(asking, row) for row in told],
            services=[row for one in services for row in self._service(one)],
            practitioners=[row for one in workers for row in self._worker(one)],
            involvements=[row for one in told for row in self._involvements(asking, one)],
            allocations=[row for one in told for row in self._allocations(asking, one)],
            after=asking.keyring.seal_text(page[-1], self._place(asking)) if more else None,
        )

    def _rows(self, asking: Asking, name: str, **more: Any) -> list[dict[str, Any]]:
        said = {"source": self.source, "clearance": asking.clearance}
        return asking.transaction.run(name, **more, **said)

    def _start(self, asking: Asking) -> str:
        if self.after is None:
            return ""
        try:
            return asking.keyring.open_text(self.after, self._place(asking)).decode().rstrip()
        except (BadKeyring, ValueError):
            raise BadQuestion("This is not a page of this export; begin it again.") from None

    def _place(self, asking: Asking) -> str:
        return f"export/{self.source}/{asking.viewer.id}"

    def _local(self, id_: str) -> str:
        return id_.removeprefix(f"{self.source}:")

    def _record(self, asking: Asking, key: str) -> str:
        """A name that is the same in each export, and tells nothing of a token in the graph."""
        return asking.keyring.stamp("export", self.source, asking.keyring.bare(key))

    def _child(self, asking: Asking, row: Mapping[str, Any]) -> ChildRow:
        identity = asking.keyring.open(row["sealed"], row["child"])
        return ChildRow(
            record=self._record(asking, row["child"]),
            identity=identity.model_copy(update={"postcode": None}),
            **_NOWHERE,
        )

    def _service(self, row: Mapping[str, Any]) -> Iterator[ServiceRow]:
        local = self._local(row["service"]["id"])
        service = Service.model_validate(_own(row["service"], Service) | {"id": local})
        for area in row["areas"] or [_UNPLACED]:
            yield ServiceRow(
                record=f"{local}/{area['authority'] or ''}",
                service=service,
                authority=area["authority"],
                period=period(area),
                **_NOWHERE,
            )

    def _worker(self, row: Mapping[str, Any]) -> Iterator[PractitionerRow]:
        local = self._local(row["practitioner"]["id"])
        known = _own(row["practitioner"], Practitioner) | {"id": local}
        practitioner = Practitioner.model_validate(known)
        for post in row["posts"]:
            service = self._local(post["service"])
            yield PractitionerRow(
                record=f"{local}/{service}",
                practitioner=practitioner,
                service=service,
                period=period(post),
                **_NOWHERE,
            )

    def _involvements(self, asking: Asking, row: Mapping[str, Any]) -> Iterator[InvolvementRow]:
        for one in row["episodes"]:
            yield InvolvementRow(
                record=self._record(asking, one["key"]),
                child=self._record(asking, row["child"]),
                service=self._local(one["service"]),
                period=period(one),
                kind=one["kind"],
                consent=Consent.GIVEN if one["consented"] else None,
                consent_until=one["consented_until"],
                **_NOWHERE,
            )

    def _allocations(self, asking: Asking, row: Mapping[str, Any]) -> Iterator[AllocationRow]:
        for one in row["allocations"]:
            yield AllocationRow(
                record=self._record(asking, one["key"]),
                child=self._record(asking, row["child"]),
                practitioner=self._local(one["practitioner"]),
                service=self._local(one["service"]),
                part=one["part"],
                period=period(one),
                change_reason=one["change_reason"],
                **_NOWHERE,
            )


def _met(rows: Iterable[Mapping[str, Any]], what: str) -> list[str]:
    """The ids of services or practitioners that these rows name."""
    ties = [tie for row in rows for tie in (*row["episodes"], *row["allocations"])]
    return sorted({tie[what] for tie in ties if what in tie})


def _own(node: Mapping[str, Any], kind: type[Model]) -> dict[str, Any]:
    return {name: value for name, value in node.items() if name in kind.model_fields}
