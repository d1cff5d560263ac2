"""What the pages of sources and of services get: one frozen value, as all pages do."""

from collections.abc import Sequence
from dataclasses import dataclass

from graph import (
    Agency,
    Directory,
    ListedService,
    MisuseList,
    MisuseSign,
    MisuseSigns,
    Pattern,
    Role,
    ServiceDirectory,
    SourceList,
    SourceReports,
    Viewer,
    authorities,
)
from web.asked import Asked
from web.words import day


@dataclass(frozen=True)
class SourcesPage:
    """Which sources send, silent ones first; form: which of them were asked for."""

    list: SourceList
    form: Asked[SourceReports]
    agencies: Sequence[Agency] = tuple(Agency)

    @property
    def filtered(self) -> bool:
        """True where only some sources were asked for."""
        return self.form.question != SourceReports()

    @property
    def ended(self) -> str:
        """That the authority asked for has ended, and what came after it; empty where it has not."""
        return came_after([one.number for one in self.list.asked_for])


@dataclass(frozen=True)
class MisusePage:
    """Signs of misuse, pattern by pattern; form: of how many days."""

    list: MisuseList
    form: Asked[MisuseSigns]

    @property
    def days(self) -> int:
        """Of how many days they are shown."""
        return (self.form.question or MisuseSigns()).days

    @property
    def groups(self) -> Sequence[tuple[Pattern, int, Sequence[MisuseSign]]]:
        """The patterns of which there are signs, how many there are of each, and those shown."""
        found = [(one, [s for s in self.list.signs if s.pattern is one]) for one in Pattern]
        return [(one, self.list.total[one], signs) for one, signs in found if signs]


@dataclass(frozen=True)
class DirectoryPage:
    """The services of an authority; directory: None while none is asked for.

    confirms: whether this viewer's role may say that telephones are right; confirmed: id of the service
    of which they just did.
    """

    viewer: Viewer
    form: Asked[ServiceDirectory]
    directory: Directory | None = None
    confirms: bool = False
    confirmed: str = ""
    agencies: Sequence[Agency] = tuple(Agency)

    @property
    def title(self) -> str:
        """Where, and which page of it."""
        if self.directory is None:
            return "Services"
        of = f", page {self.directory.page} of {self.directory.pages}"
        place = self.directory.asked_for[0].name
        return f"Services in {place}{of if self.directory.pages > 1 else ''}"

    @property
    def ended(self) -> str:
        """That the authority asked for has ended, and what came after it; empty where it has not."""
        asked = self.directory.asked_for if self.directory else ()
        return came_after([one.number for one in asked])

    @property
    def may_confirm(self) -> bool:
        """True where this viewer may say that these telephones are right: a lead in their own area."""
        asked = self.directory.asked_for if self.directory else ()
        own = all(one.number in self.viewer.areas for one in asked)
        return self.confirms and (own or self.viewer.role is Role.STEWARD)

    @property
    def groups(self) -> Sequence[tuple[Agency, Sequence[ListedService]]]:
        """The services of this page by agency, in their order."""
        listed = self.directory.services if self.directory else ()
        found = [(agency, [one for one in listed if one.agency is agency]) for agency in Agency]
        return [(agency, services) for agency, services in found if services]

    @property
    def recorded(self) -> ListedService | None:
        """The service that somebody confirmed just now."""
        listed = self.directory.services if self.directory else ()
        signed = [one for one in listed if one.confirmed_by]
        return next((one for one in signed if one.id == self.confirmed), None)


def came_after(numbers: Sequence[str]) -> str:
    """That the first of these authorities has ended, and which are asked in its place."""
    records = [authorities()[number] for number in numbers]
    if not records or records[0].period.to is None:
        return ""
    after = "; ".join(one.name for one in records[1:])
    return f"{records[0].name} ended on {day(records[0].period.to)}. What came after it is shown: {after}."
