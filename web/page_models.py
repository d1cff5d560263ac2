"""What each template gets: one frozen value, and nothing else of ours."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from graph import (
    BreakGlassUse,
    Coverage,
    Emergency,
    Found,
    Home,
    Purpose,
    ServiceMap,
    Viewer,
)
from web.as_of import AsOf, AsOfForm
from web.finding import FindForm
from web.people import Example, Person
from web.summary import summary


@dataclass(frozen=True)
class SignInPage:
    """Who may sign in; demo: False where no sign-in is set up. fault: what went wrong."""

    demo: bool
    people: Sequence[Person] = ()
    fault: str = ""


@dataclass(frozen=True)
class StartPage:
    """Where one begins. uses: None for who may not see where break-glass was used."""

    viewer: Viewer
    may_find: bool
    uses: Sequence[BreakGlassUse] | None = None


@dataclass(frozen=True)
class FindPage:
    """The form, and what it found: None until something was asked."""

    viewer: Viewer
    broker_line: str
    form: FindForm = field(default_factory=FindForm)
    found: Found | None = None
    examples: Sequence[Example] = ()
    purposes: Sequence[Purpose] = tuple(Purpose)
    emergencies: Sequence[Emergency] = tuple(Emergency)

    @property
    def by_number(self) -> bool:
        """True where the search was by NHS number."""
        return self.found is not None and "nhs_number" in self.found.asked


@dataclass(frozen=True)
class MapPage:
    """A service map, and the dates asked for."""

    map: ServiceMap
    as_of: AsOf
    form: AsOfForm

    @property
    def homes(self) -> Sequence[Home]:
        """Where the child lived, once for each authority and period, whoever says so."""
        once = {(h.authority.number, h.period.from_, h.period.to): h for h in self.map.homes}
        return list(once.values())

    @property
    def summary(self) -> str:
        """The map in one or two sentences."""
        return summary(self.map)


@dataclass(frozen=True)
class SourcesPage:
    """Which sources send, silent ones first."""

    coverage: Coverage
