"""The first walk through a file of episodes: who and what it describes, and whom its episodes are about."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from graph import Agency, Fault, InvolvementKind, authority_of
from loaders.cells import record_id
from loaders.episodes.node import (
    Named,
    Node,
    named,
    objects,
    only_named,
    only_objects,
    own,
    text,
    texts,
)
from loaders.episodes.text import Item
from loaders.episodes.words import AUTHORITY, EVENTS, ORGANISATIONS, RECORD, SUBJECTS
from loaders.rejects import REASON

LOOKED_AFTER = "childlookedafter"
_ELSEWHERE = {"LifeEvent", "Placement", "CareNeedsAssessment", "CarePlan"}


class Names:
    """The records of one class, found again by any identifier of theirs.

    soft: True where a value alone is enough to find one, whatever system is said to be its own.
    """

    def __init__(self, soft: bool = True) -> None:
        self._soft = soft
        self._records: dict[Named, str] = {}
        self._values: dict[str, str | None] = {}
        self._systems: dict[str, str] = {}
        self._refused: set[Named] = set()
        self._clashed: set[str] = set()

    def record(self, found: list[Named]) -> str:
        """Name an object by the first of its identifiers that can be an id, and keep all of them.

        Return that record id. Raise ValueError with a sentence where there is none, or where it is
        another one's in another system: then neither can be read, so that none is taken for the other.
        """
        own = _first_id(found)
        if self._systems.setdefault(own.value, own.system) != own.system:
            self._clashed.add(own.value)
        if own.value in self._clashed:
            self._refused.update(found)
            raise ValueError("is that of another one, in another system")
        for one in found:
            self._records.setdefault(one, own.value)
            if self._values.setdefault(one.value, own.value) != own.value:
                self._values[one.value] = None
        return own.value

    def find(self, one: Named) -> str:
        """The record behind a reference; its own value where the file does not describe it.

        Raise ValueError with a sentence where that cannot be told.
        """
        if one.system == RECORD or not self.describes(one):
            return self._undescribed(one)
        return self._records[one]

    def describes(self, one: Named) -> bool:
        """True where the file says more of it than this identifier."""
        return one in self._records and self._records[one] not in self._clashed

    def lacks(self, one: Named) -> bool:
        """True where the file says no more of it, and nothing speaks against its own value."""
        if self.describes(one):
            return False
        with suppress(ValueError):
            return bool(self._undescribed(one))
        return False

    def _undescribed(self, one: Named) -> str:
        known = self._values.get(one.value, "") if one.system != RECORD else ""
        clashes = known in self._clashed or one in self._refused or one in self._records
        if clashes or known is None or (known and not self._soft):
            raise ValueError("could be that of another one, in another system")
        return known or record_id(one.value)


def _first_id(found: Iterable[Named]) -> Named:
    sentence = "is missing"
    for one in found:
        try:
            record_id(one.value)
        except ValueError as error:
            sentence = str(error)
        else:
            return one
    raise ValueError(sentence)


@dataclass
class Organisation:
    """What an organisation tells of its services: the agency, the authority."""

    agency: Agency | None
    authority: str | None
    services: list[Named]


@dataclass
class Index:
    """What the first walk found.

    services, professionals: as they are written. subjects: the identifiers by which children are named,
    with the place of the first; care: those of them who are looked after. partial: a file of rejects.
    """

    file: str
    organisations: dict[Named, Organisation] = field(default_factory=dict)
    services: list[Node] = field(default_factory=list)
    professionals: list[Node] = field(default_factory=list)
    subjects: dict[Named, tuple[str, int]] = field(default_factory=dict)
    care: set[Named] = field(default_factory=set)
    names: dict[str, Names] = field(
        default_factory=lambda: {
            "Service": Names(),
            "Professional": Names(),
            "Person": Names(soft=False),
        }
    )
    partial: bool = False
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    def read(self, items: Iterable[Item]) -> None:
        """Walk through all items."""
        for item in items:
            self._take(item)

    def _take(self, item: Item) -> None:
        node = node_of(self.file, item)
        if node is None:
            self._refuse(item, "is not an object")
            return
        self.partial = self.partial or REASON in node.says
        classes = node.classes
        if not classes or "ServiceEpisode" in classes:
            self._care(node)
        if "Organisation" in classes:
            self._organisation(node)
        elif "Service" in classes:
            self.services.append(node)
            self._name("Service", node)
        elif "Professional" in classes:
            self.professionals.append(node)
            self._name("Professional", node)
        elif "Person" in classes:
            self._name("Person", node)
        elif "ServiceEpisode" in classes:
            self._episode(node)
        elif not classes:
            self._refuse(item, "has no @type")
        elif not classes & _ELSEWHERE:
            node.odd["@type"] = "is none of those that are read"
            self.warnings += node.warnings()

    def _refuse(self, item: Item, sentence: str) -> None:
        file = place_of(self.file, item)
        self.faults.append(Fault(file=file, line=item.line, sentence=sentence))

    def _name(self, kind: str, node: Node) -> None:
        """Keep its identifiers; what is wrong with them is said when it is read."""
        with suppress(ValueError):
            self.names[kind].record(named(node.says.get("identifier")))

    def _organisation(self, node: Node) -> None:
        found = named(node.says.get("identifier"))
        codes = node.codes()
        agency = next((ORGANISATIONS[one] for one in codes if one in ORGANISATIONS), None)
        authority = None
        if AUTHORITY in codes:
            words = [*(one.value for one in found), *texts(node.says.get("name"))]
            known = [
                one for one in map(authority_of, (*words, *texts(node.says.get("alias")))) if one
            ]
            authority = known[0].number if known else None
            if not known:
                node.odd["name"] = (
                    "is no authority that is known; its services are taken for the source's own area"
                )
        services = named(node.says.get("relatedService"))
        self.organisations |= dict.fromkeys(found, Organisation(agency, authority, services))
        self.warnings += node.warnings()

    def _care(self, node: Node) -> None:
        """Keep who may be in care, whether or not the episode is refused."""
        kind = (text(own(node.says, "kind")) or "").casefold()
        if LOOKED_AFTER in node.codes() or kind == InvolvementKind.LOOKED_AFTER.value:
            self.care.update(_perhaps(node.says.get("subjectPerson")))

    def _episode(self, node: Node) -> None:
        if is_event(node):
            return
        for one in node.take("subjectPerson", lambda _: list(subjects(node))) or ():
            self.subjects.setdefault(one, (node.file, node.line))


def node_of(file: str, item: Item) -> Node | None:
    """The item as a node; None where it is no object."""
    if not isinstance(item.value, dict):
        return None
    return Node(place_of(file, item), item.line, item.value)


def place_of(file: str, item: Item) -> str:
    """Where an object stands; some systems write a whole file in one line."""
    return f"{file}/object {item.number}"


def is_event(node: Node) -> bool:
    """True where an episode is a single contact or paperwork, by everything that it says it is."""
    codes = set(node.codes())
    return bool(codes) and codes <= EVENTS


def _perhaps(about: Any) -> Iterator[Named]:
    """Everybody whom an episode may be about, also where it says so in a shape that is refused."""
    yield from named(about)
    for one in objects(about):
        yield from named(one.get("person"))


def subjects(node: Node) -> Iterator[Named]:
    """The identifiers of those whom an episode is about; not of others who take part."""
    for one in only_objects(node.says.get("subjectPerson")):
        if (text(one.get("involvement")) or "") in SUBJECTS:
            yield only_named(one.get("person"))[0]
