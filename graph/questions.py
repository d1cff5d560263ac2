"""One class per question: its permission, its query, the type of its answer."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, ClassVar, Generic, Self, TypeVar, cast

from pydantic import field_validator, model_validator

from graph.access import Permission, Viewer
from graph.answers import Contact, Coverage, Found, Involvement, Outcome, ServiceMap
from graph.asking import Asking
from graph.boundaries import handovers, with_crossings
from graph.comparing import Person, person_of, sector_of
from graph.contacts import ring_now
from graph.digest import digest_of
from graph.errors import BadQuestion
from graph.fields import BirthDate, NhsNumber, PersonName, PostcodeSector
from graph.finding import FULL, READ_BY, family_names, found_child, outcome_of, search
from graph.hours import LONDON
from graph.map_rows import coverage, homes_of, identities_of, involvements_of, pointers_of
from graph.model import Identity, Model, Sex
from graph.naming import is_placeholder
from graph.rows import UNNAMED

A = TypeVar("A")
CONTACT = "contact"  # of what a handle is, by which somebody says what came of ringing


class Question(Model, Generic[A]):
    """Something a viewer may ask; it names its permission and says which children it is about.

    needs_child: without a child whom the viewer may know there is no answer. chooses: it shows only
    some of those whom the viewer may know, and notes them in Asking.chosen. seconds: the longest that
    its transaction may take.
    """

    permission: ClassVar[Permission]
    needs_child: ClassVar[bool] = False
    chooses: ClassVar[bool] = False
    seconds: ClassVar[float] = 30

    def asked(self) -> dict[str, Any]:
        """Parameters for the access record: never an identity."""
        return {}

    def asker(self, asking: Asking) -> Viewer:
        """Who asks, with what they stated for it."""
        return asking.viewer

    def candidates(self, asking: Asking) -> list[str]:
        """Ids of the children it is about, before anyone has decided; raises BadQuestion as `answer` does."""
        return []

    @abstractmethod
    def answer(self, asking: Asking, children: Mapping[str, bool]) -> A:
        """The answer about children whom the viewer may know.

        children: id to whether it is shielded. Raises BadQuestion, having written nothing, where what is
        asked cannot be done; that it was asked is on record.
        """

    def told(self, answer: A) -> tuple[str, ...]:
        """Whom a message tells that something waits by this answer, as Graph.tell has them."""
        return ()

    def shown(self, answer: A) -> int:
        """How many things the answer holds; for the access record."""
        return cast("Any", answer).shown


_NO_NAME = "is not a name but what is written where it is not known; leave it empty"
_ENOUGH = "give an NHS number, or at least two of family name, given name, birth date and postcode"


class FindChild(Question[Found]):
    """Is this child known? By NHS number; or by any two of names, birth date and postcode, even misspelt.

    birth_date: one to come is the expected date of an unborn child. former_name: a family name that
    the child had. postcode: whole or its sector. sex alone adds, but finds nobody.
    """

    permission = Permission.FIND_CHILD
    chooses = True
    nhs_number: NhsNumber | None = None
    family_name: PersonName | None = None
    given_name: PersonName | None = None
    former_name: PersonName | None = None
    birth_date: BirthDate | None = None
    sex: Sex | None = None
    postcode: PostcodeSector | None = None

    @field_validator("family_name", "given_name", "former_name")
    @classmethod
    def _a_name(cls, name: str | None) -> str | None:
        if name and is_placeholder(name):
            raise ValueError(_NO_NAME)
        return name

    @model_validator(mode="after")
    def _enough(self) -> Self:
        family = self.family_name or self.former_name
        given = (family, self.given_name, self.birth_date, self.postcode)
        if not self.nhs_number and sum(map(bool, given)) < 2:
            raise ValueError(_ENOUGH)
        return self

    def asked(self) -> dict[str, Any]:
        """Which details were given, never their values."""
        return {"by": [name for name in FindChild.model_fields if getattr(self, name)]}

    def person(self, today: date) -> Person:
        """What was typed, ready to compare."""
        typed = Identity(
            nhs_number=self.nhs_number,
            family_name=self.family_name,
            given_name=self.given_name,
            former_names=(self.former_name,) if self.former_name else (),
            birth_date=self.birth_date,
            sex=self.sex or Sex.UNKNOWN,
        )
        made = person_of(typed.as_of(today))
        return replace(made, sector=sector_of(self.postcode) if self.postcode else None)

    def candidates(self, asking: Asking) -> list[str]:
        """Children who fit what was typed; those that are one by a judgement stand once."""
        typed = self.model_dump_json()
        asking.scores.update(search(asking, self.person(asking.today), typed))
        found = [child for child in asking.scores if child != FULL]
        # Of four or a multiple, so that one who may not be known is hardly ever one more to ask about.
        others = -len(found) % READ_BY if found else READ_BY
        return [*found, *(asking.nobody(typed, str(n)) for n in range(others))]

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> Found:
        """Those found, or which sources were asked in vain."""
        outcome, chosen = outcome_of(asking.scores, list(children))
        typed = None if outcome is Outcome.ONE else set(self.asked()["by"])
        person = self.person(asking.today)
        found = [found_child(asking, child, children[child], person, typed) for child in chosen]
        asking.chosen.extend(chosen)
        asking.named.extend(name for child in chosen for name in family_names(asking, child))
        return Found(
            outcome=outcome,
            children=found,
            asked=self.asked()["by"],
            broker_line=asking.broker_line,
            coverage=Coverage() if found else coverage(asking, None, asking.now, replay=False),
        )


class ServiceMapOf(Question[ServiceMap]):
    """Who works or has worked with this child, over which boundaries, and whom do I ring?

    child: the handle that a search gave; on: only what was open that day; known_at: as the graph
    stood at that instant, with its time zone.
    """

    permission = Permission.SEE_SERVICE_MAP
    needs_child = True
    child: str
    on: date | None = None
    known_at: datetime | None = None

    def asked(self) -> dict[str, Any]:
        """The two dates; an instant that cannot be is none."""
        return {"on": self.on, "known_at": None if self._unfit() else self.known_at}

    def asker(self, asking: Asking) -> Viewer:
        """With what they stated when they found this child, unless they state something now."""
        return asking.viewer if any(asking.viewer.stated) else asking.stated_in(self.child)

    def candidates(self, asking: Asking) -> list[str]:
        """The child of the handle; a handle that does not open is looked for like any other."""
        if unfit := self._unfit():
            raise BadQuestion(unfit)
        return asking.in_handle(self.child)[:1]

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> ServiceMap:
        """The map; restricted and empty where the child is shielded."""
        [(child, shielded)] = children.items()
        known_at = self.known_at or asking.now
        bare = ServiceMap(
            handle=asking.handle(child),
            restricted=shielded,
            on=self.on,
            known_at=known_at,
            today=asking.today,
            broker_line=asking.broker_line,
            purpose=_stated(asking.viewer),
            reference=asking.viewer.reference,
        )
        rows = asking.transaction.run(
            "ask/service_map",
            child=child,
            on=self.on,
            known_at=known_at,
            replay=self.known_at is not None,
            today=asking.today,
            clearance=asking.clearance,
        )
        return self._filled(asking, bare, rows[0]) if rows else bare

    def contacts(self, asking: Asking, involvements: Sequence[Involvement]) -> list[Contact]:
        """Whom to ring, each with a handle to say what came of it."""
        child = asking.in_handle(self.child)[0]
        return [
            one.model_copy(update={"handle": asking.handle_of(CONTACT, child, *_whose(one))})
            for one in ring_now(involvements, asking.now, asking.broker_line)
        ]

    def _unfit(self) -> str | None:
        """Why there is no such instant."""
        if self.known_at and self.known_at.tzinfo is None:
            return "known_at needs a time zone, as 2026-03-04T09:30:00+00:00."
        if self.known_at and not 2000 <= self.known_at.year <= 2100:
            return "known_at must be between the years 2000 and 2100."
        return None

    def _filled(self, asking: Asking, bare: ServiceMap, row: dict[str, Any]) -> ServiceMap:
        asking.listed.extend(
            one["record"]
            for service in row["services"]
            for one in (*service["episodes"], *service["workers"])
        )
        homes = homes_of(row["homes"])
        day = bare.known_at.astimezone(LONDON).date()
        listed = involvements_of(row["services"], homes, day)
        involvements = with_crossings(listed, homes)
        known = identities_of(row["identities"], asking.keyring)
        pointers = pointers_of(row["pointers"], day)
        told = (*involvements, *homes, *(p for p in pointers if p.authority.number != UNNAMED))
        areas = {one.authority.number for one in told}
        areas |= {asking.viewer.authority} if asking.viewer.authority else set()
        shown = bare.model_copy(
            update={
                "identity": known[0] if known else None,
                "also_known_as": other_names(known),
                "involvements": involvements,
                "homes": homes,
                "pointers": pointers,
                "handovers": [] if self.on else handovers(involvements, homes, day),
                "ring_now": self.contacts(asking, involvements),
                "coverage": coverage(
                    asking, sorted(areas), bare.known_at, replay=self.known_at is not None
                ),
            }
        )
        asking.noted["digest"] = digest_of(asking.keyring, shown)
        return shown


class ExportMap(ServiceMapOf):
    """The same, taken away as a file."""

    permission = Permission.EXPORT_MAP


def _stated(viewer: Viewer) -> str | None:
    said = viewer.emergency or viewer.purpose
    return said.value if said else None


def _whose(contact: Contact) -> tuple[str, str]:
    return contact.kind.value, contact.service_id or ""


def other_names(known: Sequence[Identity]) -> list[str]:
    """Names in later identities that the first one does not have."""
    names = [f"{i.given_name or ''} {i.family_name or ''}".strip() for i in known]
    return [name for name in dict.fromkeys(names) if name and name != names[0]]
