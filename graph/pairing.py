"""Which children may be one: pairs among some children and all who stand under the same tokens.

The same code for a load, for what a rejected row hides, and for `signpost match run`. What a steward
has judged stays as it is; what Signpost joined by itself is held against what sources say now.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from graph.blocks import numbers_of, tokens_of
from graph.matching import (
    NUMBERS,
    TWINS,
    TWO_NUMBERS_TWO_NAMES,
    Band,
    Level,
    Person,
    Score,
    best,
    exact,
    person_of,
    rank,
)
from graph.sealing import Keyring
from graph.store import Transaction
from graph.weights import Frequencies

MOST_IN_BLOCK = 2_000
SHIELD_FROM = 0.25  # from this probability on, whoever may be a shielded child is hidden too
AUTHOR = "Signpost"  # of what was joined without a steward; no viewer may be called so


@dataclass
class Described:
    """A child as the graph has it."""

    people: Sequence[Person]
    shielded: bool
    pairs: dict[str, dict[str, Any]]


@dataclass
class Pairing:
    """One turn of pairing, in one transaction that holds the lock.

    opened: pairs that are for review since; joined: those that are one child since.
    """

    tx: Transaction
    keyring: Keyring
    frequencies: Frequencies
    now: datetime
    opened: int = 0
    joined: int = 0
    _all: dict[str, Described] = field(default_factory=dict)
    _roots: dict[str, str] = field(default_factory=dict)
    _members: dict[str, set[str]] = field(default_factory=dict)
    _wanted: dict[str, dict[str, Any]] = field(default_factory=dict)
    _scores: dict[tuple[str, str], Score] = field(default_factory=dict)

    def run(self, children: Collection[str]) -> None:
        """Write the tokens of these children, find their pairs, and spread shielding over them."""
        if not children:
            return
        self._describe(children)
        near = self._near(children)
        self._describe({other for others in near.values() for other in others})
        self._group(set(children))
        for child in sorted(children):
            self._pair(child, near[child])
        self._write(children)
        spread_shielding(self.tx, children)

    def _describe(self, children: Iterable[str]) -> None:
        """Read these children, and all with whom a judgement makes them one."""
        unknown = set(children) - set(self._all)
        while unknown:
            for row in self.tx.run("load/described", children=sorted(unknown)):
                opened = [self.keyring.open(one["sealed"], row["child"]) for one in row["known"]]
                pairs = {pair["other"]: pair for pair in row["pairs"]}
                people = [person_of(identity) for identity in opened]
                self._all[row["child"]] = Described(people, row["shielded"], pairs)
            linked = [
                other
                for child in unknown & set(self._all)
                for other, pair in self._all[child].pairs.items()
                if pair["judgement"] == "same"
            ]
            unknown = set(linked) - set(self._all)

    def _near(self, children: Collection[str]) -> dict[str, set[str]]:
        """Each child's candidates; its own tokens are written on the way."""
        token = self.keyring.token
        own: dict[str, set[str]] = {}
        wanted: dict[str, set[str]] = {}
        numbers: dict[str, list[str]] = {"nhs": [], "upn": []}
        for child in children:
            own[child], wanted[child] = set(), set()
            for person in self._all[child].people:
                own[child].update(*tokens_of(person, token).values())
                wanted[child].update(*tokens_of(person, token, searching=True).values())
                for kind, number in numbers_of(person, token).items():
                    numbers[kind].append(number)
                    wanted[child].add(number)
        rows = [{"child": child, "tokens": sorted(tokens)} for child, tokens in own.items()]
        self.tx.run("load/blocks", rows=rows)
        stand = set().union(*own.values())
        sought = (
            set().union(*wanted.values()) - stand - {n for kind in numbers.values() for n in kind}
        )
        rows = self.tx.run(
            "load/candidates",
            own=sorted(stand),
            sought=sorted(sought),
            most=MOST_IN_BLOCK,
            **numbers,
        )
        under = {row["token"]: row["children"] for row in rows}
        return {
            child: {other for one in tokens for other in under.get(one, ())} - {child}
            for child, tokens in wanted.items()
        }

    def _group(self, children: set[str]) -> None:
        """Who is one by now, without what Signpost joined by itself about these children."""
        for child, described in self._all.items():
            for other, pair in described.pairs.items():
                kept = pair["author"] != AUTHOR or not {child, other} & children
                if pair["judgement"] == "same" and kept and other in self._all:
                    self._join(child, other)

    def _pair(self, child: str, near: set[str]) -> None:
        before = self._all[child].pairs
        scored = [(other, self._score(child, other)) for other in near if other in self._all]
        scored = [(other, found) for other, found in scored if self._worth(child, other, found)]
        scored.sort(key=lambda one: (one[0] not in before, -one[1].probability, one[0]))
        seen: set[str] = set()
        for other, found in scored:
            root = self._root(other)
            if root == self._root(child) or root in seen or _by_steward(before.get(other)):
                continue
            joins = found.band is Band.MATCH and self._free(child, other)
            if joins:
                self._join(child, other)
            seen.add(self._root(other))
            self._want(child, other, found, joins)

    def _worth(self, child: str, other: str, found: Score) -> bool:
        """True where the two may be one; where one of them is shielded, also where it is less likely."""
        if found.band is not Band.LOW or found.level("NHS number") is Level.SAME:
            return True
        hidden = self._all[child].shielded or self._all[other].shielded
        if not hidden or TWO_NUMBERS_TWO_NAMES in found.holds:
            return False
        return found.probability >= SHIELD_FROM or exact(found)

    def _want(self, child: str, other: str, found: Score, joins: bool) -> None:
        one, two = sorted((child, other))
        key = self.keyring.token("pair", one, two)
        self._wanted[key] = {
            "one": one,
            "other": two,
            "key": key,
            "score": round(found.probability, 4),
            "judgement": "same" if joins else "open",
            "author": AUTHOR if joins else None,
        }

    def _score(self, child: str, other: str) -> Score:
        one, two = sorted((child, other))
        if (one, two) not in self._scores:
            ones, twos = self._all[one].people, self._all[two].people
            found = [best(person, twos, self.frequencies) for person in ones if twos]
            self._scores[one, two] = max(found, key=rank, default=NOTHING)
        return self._scores[one, two]

    def _free(self, child: str, other: str) -> bool:
        """True where nothing between the two groups speaks against it: a number, a name, a judgement."""
        for one in self._group_of(child):
            for two in self._group_of(other):
                pair = self._all[one].pairs.get(two)
                if _by_steward(pair) and pair and pair["judgement"] != "same":
                    return False
                if {NUMBERS, TWINS} & set(self._score(one, two).holds) or self._numbers_differ(
                    one, two
                ):
                    return False
        return True

    def _numbers_differ(self, one: str, two: str) -> bool:
        numbers = [{p.nhs for p in self._all[child].people if p.nhs} for child in (one, two)]
        return bool(numbers[0] and numbers[1] and not numbers[0] & numbers[1])

    def _write(self, children: Collection[str]) -> None:
        before = {
            pair["key"]: pair
            for child in children
            for pair in self._all[child].pairs.values()
            if not _by_steward(pair)
        }
        rows = [row for key, row in self._wanted.items() if not _alike(before.get(key), row)]
        ended = [key for key in before if key not in self._wanted]
        if ended:
            self.tx.run("load/end_pairs", keys=ended, now=self.now)
        if rows:
            self.tx.run("load/pairs", rows=rows, now=self.now)
        self.joined += sum(row["author"] == AUTHOR for row in rows)
        waited = {key for key, pair in before.items() if pair["judgement"] == "open"}
        self.opened += sum(row["author"] is None and row["key"] not in waited for row in rows)

    def _root(self, child: str) -> str:
        return self._roots.get(child, child)

    def _group_of(self, child: str) -> set[str]:
        return self._members.get(self._root(child), {child})

    def _join(self, one: str, two: str) -> None:
        members = self._group_of(one) | self._group_of(two)
        root = min(members)
        for member in members:
            self._roots[member] = root
        self._members[root] = members


NOTHING = Score(0.0, ())


def spread_shielding(tx: Transaction, children: Collection[str]) -> None:
    """Hide whoever may be one with a shielded child, as far as pairs reach."""
    ids: Sequence[str] = sorted(set(children))
    while ids:
        ids = [row["child"] for row in tx.run("load/shield", children=ids)]


def _by_steward(pair: dict[str, Any] | None) -> bool:
    """True where a steward's word holds; one that was taken back does not."""
    return pair is not None and pair["author"] not in (None, AUTHOR) and pair["judgement"] != "open"


def _alike(before: dict[str, Any] | None, row: dict[str, Any]) -> bool:
    """True where a pair is as it was; a score moves a little whenever names are counted anew."""
    if before is None or before["judgement"] != row["judgement"]:
        return False
    return abs(before["score"] - row["score"]) < 0.02
