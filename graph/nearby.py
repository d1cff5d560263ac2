"""Children as the graph has them, and who stands near them: under the same tokens or numbers."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from graph.blocks import numbers_of, tokens_of, upns_of
from graph.comparing import Person, person_of
from graph.layers import Layer
from graph.store import Transaction

MOST_IN_BLOCK = 2_000
PAGE = 2_000  # of those who are near


@dataclass
class Described:
    """A child as the graph has it."""

    people: list[Person]
    shielded: bool
    marked: bool
    pairs: dict[str, dict[str, Any]]

    def say(self, person: Person, shielded: bool) -> None:
        """Add what one more record says."""
        self.people.append(person)
        self.shielded = self.marked = self.shielded or shielded

    @property
    def numbers(self) -> set[str]:
        """The NHS and pupil numbers of the child."""
        every = ((p.nhs, p.upn, *p.former_upns) for p in self.people)
        return {number for own in every for number in own if number}


class Sought(NamedTuple):
    """Tokens: of blocks, of NHS numbers, and of pupil numbers with the birth date."""

    blocks: set[str]
    nhs: set[str]
    upns: set[str]

    @property
    def all(self) -> set[str]:
        """Every token."""
        return self.blocks | self.nhs | self.upns


@dataclass
class Nearby:
    """What was read of children within one transaction that holds the lock.

    fresh: who was made in it, so that nothing of them needs to be read.
    """

    tx: Transaction
    layer: Layer
    fresh: Mapping[str, Described]
    children: dict[str, Described] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.children.update(self.fresh)
        self._token = cache(self.layer.token)

    def describe(self, children: Iterable[str]) -> None:
        """Read these children, and all with whom a judgement makes them one."""
        unknown = set(children) - set(self.children)
        while unknown:
            for row in described(self.tx, unknown):
                opened = [
                    self.layer.keyring.open(one["sealed"], row["child"]) for one in row["known"]
                ]
                pairs = {pair["other"]: pair for pair in row["pairs"]}
                people = [person_of(identity) for identity in opened]
                self.children[row["child"]] = Described(
                    people, row["shielded"], row["marked"], pairs
                )
            linked = [
                other
                for child in unknown & set(self.children)
                for other, pair in self.children[child].pairs.items()
                if pair["judgement"] == "same"
            ]
            unknown = set(linked) - set(self.children)

    def near(self, children: Collection[str]) -> dict[str, set[str]]:
        """Each child's candidates; its own tokens are written on the way."""
        own = {child: self._own(child) for child in children}
        sought = {child: self._sought(child) for child in children}
        under = self._write(own)
        # A token that one child alone has and looks for leads to somebody else only if others stand there.
        looked = Counter(token for one in sought.values() for token in one.blocks | one.upns)
        alone = {token for tokens in own.values() for token in tokens if looked[token] == 1}
        made = {token for child in self.fresh for token in own.get(child, ())}
        found = self.tx.run(
            "load/candidates",
            own=sorted(alone - made),
            sought=sorted(set(looked) - alone - set(under)),
            nhs=[token for one in sought.values() for token in one.nhs],
            upn=[token for one in sought.values() for token in one.upns],
            most=MOST_IN_BLOCK,
        )
        _add(under, found)
        return {child: self._found(child, one, under) for child, one in sought.items()}

    def hopeful(
        self, near: Mapping[str, set[str]], hopeless: Callable[[str, str], bool]
    ) -> dict[str, set[str]]:
        """Read who is near these children, and keep by child those who are not hopeless beside it.

        A page at a time, and who has no pair and is nobody's hope is forgotten: in a large population most
        are so, and they would fill the memory.
        """
        kept: dict[str, set[str]] = {child: set() for child in near}
        whose: dict[str, list[str]] = {}
        for child, others in near.items():
            for other in others:
                whose.setdefault(other, []).append(child)
        every = sorted(whose)
        for first in range(0, len(every), PAGE):
            page = every[first : first + PAGE]
            self.describe(page)
            for other in self.children.keys() & page:
                hoping = [child for child in whose[other] if not hopeless(child, other)]
                for child in hoping:
                    kept[child].add(other)
                if not (hoping or other in near or self.children[other].pairs):
                    del self.children[other]
        return kept

    def _write(self, own: Mapping[str, set[str]]) -> dict[str, set[str]]:
        """Write these children's tokens; return who else stands under those of the fresh ones."""
        rows = [{"child": child, "tokens": sorted(tokens)} for child, tokens in own.items()]
        known = [row for row in rows if row["child"] not in self.fresh]
        self.tx.run("load/blocks", rows=known)
        made = [row for row in rows if row["child"] in self.fresh]
        under: dict[str, set[str]] = {}
        _add(under, self.tx.run("load/new_blocks", rows=made, most=MOST_IN_BLOCK))
        return under

    def _own(self, child: str) -> set[str]:
        """The tokens of the blocks in which a child stands."""
        people = self.children[child].people
        return {t for p in people for found in tokens_of(p, self._token).values() for t in found}

    def _sought(self, child: str) -> Sought:
        """The tokens under which a child's other records may stand."""
        sought, token = Sought(set(), set(), set()), self._token
        for person in self.children[child].people:
            sought.blocks.update(*tokens_of(person, token, searching=True).values())
            sought.upns.update(upns_of(person, token))
            if person.nhs:
                sought.nhs.add(numbers_of(person, token)["nhs"])
        return sought

    def _found(self, child: str, sought: Sought, under: Mapping[str, set[str]]) -> set[str]:
        found = (under.get(token, set()) for token in sought.all)
        return set(self.children[child].pairs).union(*found) - {child}


def described(tx: Transaction, children: Iterable[str]) -> list[dict[str, Any]]:
    """What sources say of these children, still sealed, and which pairs they stand in."""
    [row] = tx.run("load/described", children=sorted(children))
    return row["found"]


def _add(under: dict[str, set[str]], rows: Iterable[Mapping[str, Any]]) -> None:
    for row in rows:
        for one in row["found"]:
            under.setdefault(one["token"], set()).update(one["children"])
