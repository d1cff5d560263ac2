"""The service directory: whom to ring at an authority, when somebody is there, and who checked it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from pydantic import Field

from graph.access import Permission, Role, Viewer
from graph.areas import NamedAuthority, asked_for
from graph.asking import Asking
from graph.fields import PageNumber
from graph.hours import LONDON, staffed
from graph.model import Agency, Authority, Model, ServiceKind
from graph.questions import Question
from graph.store import Transaction

PAGE = 50
# After so many days without a check a telephone is no longer taken for confirmed.
STALE_DAYS = 90


class ListedService(Model):
    """A service, on which telephones it is reached, and who checked them when.

    areas: names of the authorities where it works. hours: None where its source does not say; then
    those of an office are taken. confirmed_by: a user of Signpost; None where its source says so.
    doubted_on, doubted_line: when somebody said last which of them is wrong. stale: nobody has confirmed
    the telephones lately. in_use: it works with children now; None where
    that was not looked at.
    """

    id: str
    name: str
    kind: ServiceKind
    agency: Agency
    areas: Sequence[str]
    duty_line: str | None
    out_of_hours_line: str | None
    hours: str | None
    staffed_now: bool
    confirmed_on: date | None
    confirmed_by: str | None
    doubted_on: date | None = None
    doubted_line: str | None = None
    stale: bool
    source: str | None
    in_use: bool | None = None


class Directory(Model):
    """A page of the services of an authority; asked_for: it, and its successors."""

    asked_for: Sequence[Authority]
    services: Sequence[ListedService] = ()
    total: int = 0
    page: int = 1
    pages: int = 1
    broker_line: str

    @property
    def shown(self) -> int:
        """How many services are shown; for the access record."""
        return len(self.services)


class StaleList(Model):
    """Services whose telephones nobody confirmed lately; total: how many there are, shown or not."""

    services: Sequence[ListedService] = ()
    total: int = 0

    @property
    def shown(self) -> int:
        """How many services are shown; for the access record."""
        return len(self.services)


class ServiceDirectory(Question[Directory]):
    """Which services work in this authority, and on which telephones are they reached?

    Of an authority that has ended those of its successors too. Sensitive services are left out: they
    are reached through the broker line.
    """

    permission = Permission.SEE_DIRECTORY
    authority: NamedAuthority
    agency: Agency | None = None
    page: PageNumber = 1

    def asked(self) -> dict[str, Any]:
        """Where, and which page."""
        agency = self.agency.value if self.agency else None
        return {"authority": self.authority, "agency": agency, "page": self.page}

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> Directory:
        """A page of them: by agency, social care first; in it those with a telephone first."""
        areas = asked_for(self.authority)
        page, found = self.page, self._found(asking, self.page)
        pages = max(1, -(-found["total"] // PAGE))
        if page > pages:
            page, found = pages, self._found(asking, pages)
        return Directory(
            asked_for=[Authority(number=one.number, name=one.name) for one in areas],
            services=[_listed(row, asking.now) for row in found["services"]],
            total=found["total"],
            page=page,
            pages=pages,
            broker_line=asking.broker_line,
        )

    def _found(self, asking: Asking, page: int) -> dict[str, Any]:
        [row] = asking.transaction.run(
            "ask/directory",
            authorities=[one.number for one in asked_for(self.authority)],
            agencies=[self.agency] if self.agency else list(Agency),
            on=asking.today,
            skip=(page - 1) * PAGE,
            size=PAGE,
            clearance=asking.clearance,
        )
        return row


class StaleContacts(Question[StaleList]):
    """Which services' telephones has nobody confirmed for so many days?

    A lead is told of those that they may confirm: of their own area, and no sensitive one.
    authority: only in it, or in what came after it; most: at most so many.
    """

    permission = Permission.CONFIRM_CONTACT
    days: Annotated[int, Field(ge=1, le=3650)] = STALE_DAYS
    authority: NamedAuthority | None = None
    most: Annotated[int, Field(ge=1, le=1000)] = 100

    def asked(self) -> dict[str, Any]:
        """Where, and for how long."""
        return {"authority": self.authority, "days": self.days}

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> StaleList:
        """Those that work with children now first; then never confirmed before long ago."""
        wanted = asked_for(self.authority) if self.authority else []
        [row] = asking.transaction.run(
            "report/stale_contacts",
            before=asking.today - timedelta(days=self.days),
            authorities=[one.number for one in wanted] or None,
            own=_own(asking.viewer),
            on=asking.today,
            most=self.most,
            clearance=asking.clearance,
        )
        listed = [_listed(one, asking.now) for one in row["services"]]
        return StaleList(services=listed, total=row["total"])


class Confirmation(Model):
    """Somebody's word that the telephones of a service are right; service: its id, of the directory."""

    service: str


class Confirmed(Model):
    """Whose telephones were confirmed, when and by whom."""

    service: str
    name: str
    confirmed_on: date
    confirmed_by: str


def confirm(
    tx: Transaction, viewer: Viewer, confirmation: Confirmation, today: date
) -> Confirmed | None:
    """Note who checked a service's telephones today.

    None is returned where there is no such service, or none that this viewer may confirm.
    """
    by, own = viewer.id, _own(viewer)
    said = {"authorities": own, "today": today, "by": by}
    rows = tx.run("load/confirm", service=confirmation.service, **said)
    if not rows:
        return None
    return Confirmed(
        service=confirmation.service,
        name=rows[0]["name"],
        confirmed_on=today,
        confirmed_by=by,
    )


def _own(viewer: Viewer) -> list[str] | None:
    """Areas in which they may confirm telephones; None for a steward, who is the broker of all."""
    return None if viewer.role is Role.STEWARD else viewer.areas


def _listed(row: Mapping[str, Any], now: datetime) -> ListedService:
    on = row["confirmed_on"]
    day = now.astimezone(LONDON).date()
    stale = on is None or (day - on).days >= STALE_DAYS
    return ListedService(**row, staffed_now=staffed(row["hours"], now), stale=stale)
