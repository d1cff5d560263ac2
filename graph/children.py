"""Which child a row of a source is, a chunk of rows at a time: by its record, or by a number that fits."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from graph.blocks import numbers_of
from graph.comparing import Person, person_of
from graph.holding import BORN_APART, NUMBERS, TWINS
from graph.matching import Band, score
from graph.model import Identity
from graph.nearby import Described, described
from graph.plan import Plan
from graph.rows import ChildRow
from graph.spool import Differing
from graph.store import Transaction
from graph.weights import NO_FREQUENCIES

KINDS = ("nhs", "upn")
There = dict[tuple[str, str], set[str]]
APART = {NUMBERS, TWINS, BORN_APART}


class Told(NamedTuple):
    """What a row says of a child, as far as it can be made ready without the graph.

    record: the token of the child's record; numbers: kind and token of each number that it says.
    """

    key: str
    content: str
    record: str
    row: ChildRow
    identity: Identity
    person: Person
    numbers: Mapping[str, str]


@dataclass
class Chunk:
    """Some rows of children, told from each other within one transaction that holds the lock.

    ids: record to child, for the rows so far; parted: children from whom a known record goes, because
    it now says a number or a birth that is another's; fresh: children whom these rows made.
    """

    rows: Sequence[Told]
    plan: Plan
    ids: dict[str, str] = field(default_factory=dict)
    parted: list[dict[str, str]] = field(default_factory=list)
    fresh: dict[str, Described] = field(default_factory=dict)
    _people: dict[str, dict[str, Person]] = field(default_factory=dict)
    _own: dict[str, int] = field(default_factory=dict)

    def write(
        self, tx: Transaction, save: Callable[[list[dict[str, Any]]], None], now: datetime
    ) -> None:
        """Find the child of every row, or make one, and save them."""
        there = self._there(tx)
        save([self._row(told, there) for told in self.rows])
        if self.parted:
            tx.run("load/part", rows=self.parted, source=self.plan.source, now=now)

    def _there(self, tx: Transaction) -> There:
        """Kind and token to the children who carry it."""
        numbers = [told.numbers for told in self.rows]
        wanted = {kind: [own[kind] for own in numbers if kind in own] for kind in KINDS}
        records = [told.record for told in self.rows]
        found: There = {}
        for row in tx.run("load/match_children", records=records, **wanted):
            found.setdefault((row["kind"], row["token"]), set()).add(row["child"])
        self._describe(tx, {child for children in found.values() for child in children})
        return found

    def _describe(self, tx: Transaction, children: set[str]) -> None:
        """Read who all sources say that these children are, by record."""
        for row in described(tx, children):
            child = row["child"]
            self._people[child] = {
                one["record"]: person_of(self.plan.layer.keyring.open(one["sealed"], child))
                for one in row["known"]
            }
            self._own[child] = sum(one["source"] == self.plan.source for one in row["known"])

    def _row(self, told: Told, there: There) -> dict[str, Any]:
        record, person, own = told.record, told.person, told.numbers
        said = next(iter(sorted(there.get(("record", record), {}))), None)
        fits = [c for kind in KINDS if kind in own for c in there.get((kind, own[kind]), ())]
        child = said or self._agrees(person, fits) or self._made()
        if said and self._is_another(person, record, said):
            child = self._agrees(person, [one for one in fits if one != said]) or self._made()
            self.parted.append({"old": said, "new": child})
            del self._people[said][record]
        self.ids[record] = child
        there[("record", record)] = {child}
        for kind in own:
            there.setdefault((kind, own[kind]), set()).add(child)
        self._people.setdefault(child, {})[record] = person
        shielded = told.row.shielded or record in self.plan.hiding
        if child in self.fresh:
            self.fresh[child].say(person, shielded)
        return self._written(told, child, shielded)

    def _made(self) -> str:
        child = uuid.uuid4().hex
        self.fresh[child] = Described([], False, False, {})
        return child

    def _agrees(self, person: Person, fits: Sequence[str]) -> str | None:
        """The first child with this number about whom all sources agree with the row."""
        for child in sorted(set(fits)):
            others = self._people[child].values()
            scores = [score(person, other, NO_FREQUENCIES) for other in others]
            if scores and all(found.band is Band.MATCH for found in scores):
                return child
        return None

    def _is_another(self, person: Person, record: str, child: str) -> bool:
        """True where what a known record says now, and what others say of its child, are of two.

        Where the source has another record of the same child, nobody could say which edges go.
        """
        others = [p for other, p in self._people[child].items() if other != record]
        held = [set(score(person, other, NO_FREQUENCIES).holds) & APART for other in others]
        return self._own.get(child, 0) == 1 and any(held)

    def _written(self, told: Told, child: str, shielded: bool) -> dict[str, Any]:
        born = told.person.born or told.person.expected
        return {
            "child": child,
            "birth_year": born.year if born else None,
            "shielded": shielded,
            "key": told.key,
            "edge": {
                "record": told.record,
                "content": told.content,
                "sealed": self.plan.layer.keyring.seal(told.identity, child),
                **{f"{kind}_token": token for kind, token in told.numbers.items()},
            },
        }


def told(differing: Differing, plan: Plan, extracted: date) -> Told:
    """A row made ready; a birth after the day of the extract is an expected one."""
    row = differing.whole
    identity = row.identity.as_of(extracted)
    person = person_of(identity)
    return Told(
        key=differing.key,
        content=differing.content,
        record=plan.record_of(row.record),
        row=row,
        identity=identity,
        person=person,
        numbers=numbers_of(person, plan.layer.token),
    )
