"""Which children may be one: pairs among some children and all who stand under the same tokens.

The same code for a load, for what a rejected row hides, and for `signpost match run`. What a steward
has judged stays as it is; what Signpost joined by itself is held against what sources say now.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from types import MappingProxyType
from typing import Any

from graph.comparing import Level, is_number
from graph.holding import BOY_AND_GIRL, NUMBERS, TWINS, TWO_NUMBERS_TWO_NAMES
from graph.layers import Layer
from graph.matching import Band, Score, best, exact, hopeless, rank
from graph.nearby import Described, Nearby
from graph.store import Transaction
from graph.weights import Frequencies

MOST_ALIKE = 50  # more who look alike, and share no number, are a fault of a file
SHIELD_FROM = 0.25  # from this probability on, whoever may be a shielded child is hidden too
AUTHOR = "Signpost"  # of what was joined without a steward; no viewer may be called so


@dataclass
class Pairing:
    """One turn of pairing, in one transaction that holds the lock.

    opened: pairs that are for review since; joined: those that are one child since; crowded: children
    whom more than MOST_ALIKE others look like, so that looks alone pair them with nobody.
    """

    tx: Transaction
    layer: Layer
    frequencies: Frequencies
    now: datetime
    opened: int = 0
    joined: int = 0
    crowded: set[str] = field(default_factory=set)
    _all: Mapping[str, Described] = field(default_factory=dict)
    _roots: dict[str, str] = field(default_factory=dict)
    _members: dict[str, set[str]] = field(default_factory=dict)
    _wanted: dict[str, dict[str, Any]] = field(default_factory=dict)
    _scores: dict[tuple[str, str], Score] = field(default_factory=dict)

    def run(
        self,
        children: Collection[str],
        parted: Collection[tuple[str, str]] = (),
        fresh: Mapping[str, Described] = MappingProxyType({}),
    ) -> None:
        """Write the tokens of these children, find their pairs, and spread shielding over them.

        parted: two children each, of whom one goes from the other with a record: where one of the two
        is shielded they are a pair, however unlike, so that a steward lets go of it and no feed. fresh:
        those of the children who were made in this transaction.
        """
        nearby = Nearby(self.tx, self.layer, fresh)
        nearby.describe(children)
        self._all = nearby.children
        # Who was one with them stands or falls with them, and is looked at again too.
        children = set(self._all)
        if not children:
            return
        near = nearby.hopeful(nearby.near(children), self._hopeless)
        self._group(children)
        # Before any is paired, or who comes first would be joined with one of a crowd.
        self.crowded = {child for child in children if self._is_crowded(child, near[child])}
        for child in sorted(children):
            self._pair(child, near[child])
        for old, new in parted:
            self._hold(old, new)
        self._write(children)
        spread_shielding(self.tx, children)

    def _group(self, children: set[str]) -> None:
        """Who is one by now, without what Signpost joined by itself about these children."""
        for child, described in self._all.items():
            for other, pair in described.pairs.items():
                kept = pair["author"] != AUTHOR or not {child, other} & children
                if pair["judgement"] == "same" and kept and other in self._all:
                    self._join(child, other)

    def _pair(self, child: str, near: set[str]) -> None:
        """Want what this child and those near it come to: one pair for each who are one already."""
        before = self._all[child].pairs
        scored = self._scored(child, near)
        scored.sort(key=lambda one: (one[0] not in before, -one[1].probability, one[0]))
        rivals = self._rivals(child, scored)
        seen: set[str] = set()
        for other, found in scored:
            root = self._root(other)
            if root == self._root(child) or root in seen or _by_steward(before.get(other)):
                continue
            match = found.band is Band.MATCH and self._may_join(child, other)
            joins = match and root not in rivals and self._free(child, other)
            if joins:
                self._join(child, other)
            seen.add(self._root(other))
            self._want(child, other, found, joins)

    def _scored(self, child: str, near: set[str]) -> list[tuple[str, Score]]:
        """Those near who may be this child; of a crowd, only those for whom more than looks speaks."""
        there = [other for other in near if other in self._all]
        if child in self.crowded:
            there = [one for one in there if self._tied(child, one)]
        return list(self._worthy(child, there))

    def _is_crowded(self, child: str, near: set[str]) -> bool:
        """True where more than MOST_ALIKE who share no number with a child look like it."""
        if len(near) <= MOST_ALIKE:
            return False
        there = (other for other in near if other in self._all)
        looks = (other for other in there if not self._share_a_number(child, other))
        return len(list(islice(self._worthy(child, looks), MOST_ALIKE + 1))) > MOST_ALIKE

    def _worthy(self, child: str, others: Iterable[str]) -> Iterator[tuple[str, Score]]:
        for other in others:
            found = self._score(child, other)
            if self._worth(child, other, found):
                yield other, found

    def _hopeless(self, child: str, other: str) -> bool:
        ones, others = self._all[child].people, self._all[other].people
        return all(hopeless(a, b, self.frequencies, SHIELD_FROM) for a in ones for b in others)

    def _share_a_number(self, child: str, other: str) -> bool:
        return not self._all[child].numbers.isdisjoint(self._all[other].numbers)

    def _tied(self, child: str, other: str) -> bool:
        """True where more than looks is between two: a pair, a number, or a mark, which must hide both."""
        if other in self._all[child].pairs or child in self._all[other].pairs:
            return True
        group = self._group_of(child) | self._group_of(other)
        return self._share_a_number(child, other) or any(self._all[one].marked for one in group)

    def _may_join(self, child: str, other: str) -> bool:
        """In a crowd nobody is joined by looks alone, but who was joined before stays."""
        before = self._all[child].pairs.get(other, {}).get("judgement")
        crowd = not self.crowded.isdisjoint((child, other))
        return not crowd or before == "same" or self._share_a_number(child, other)

    def _rivals(self, child: str, scored: Sequence[tuple[str, Score]]) -> set[str]:
        """Those who could each be this child, and cannot be each other: to join one would be a throw."""
        fits = {self._root(o): o for o, found in scored if found.band is Band.MATCH}
        fits.pop(self._root(child), None)
        fits = {root: o for root, o in fits.items() if self._free(child, o)}
        return {
            root
            for root, one in fits.items()
            for other_root, other in fits.items()
            if root != other_root and not self._free(one, other)
        }

    def _worth(self, child: str, other: str, found: Score) -> bool:
        """True where the two may be one; where one is marked as shielded, also where it is less likely."""
        if found.band is not Band.LOW or found.level("NHS number") is Level.SAME:
            return True
        members = self._group_of(child) | self._group_of(other)
        marked = any(self._all[one].marked for one in members)
        if not marked or TWO_NUMBERS_TWO_NAMES in found.holds:
            return False
        return found.probability >= SHIELD_FROM or exact(found)

    def _hold(self, one: str, other: str) -> None:
        """Keep two as a pair for a steward where one is shielded, whatever they look like now."""
        shielded = self._all[one].shielded or self._all[other].shielded
        if shielded and self._root(one) != self._root(other):
            self._want(one, other, self._score(one, other), joins=False)

    def _want(self, child: str, other: str, found: Score, joins: bool) -> None:
        one, two = sorted((child, other))
        key = self.layer.token("pair", one, two)
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
        ones, others = self._group_of(child), self._group_of(other)
        people = [p for member in ones | others for p in self._all[member].people]
        if len({p.nhs for p in people if is_number(p.nhs)}) > 1:
            return False
        for one in ones:
            for two in others:
                pair = self._all[one].pairs.get(two)
                if _by_steward(pair) and pair and pair["judgement"] != "same":
                    return False
                if {NUMBERS, TWINS, BOY_AND_GIRL} & set(self._score(one, two).holds):
                    return False
        return True

    def _write(self, children: Collection[str]) -> None:
        before = {
            pair["key"]: pair
            for child in children
            for pair in self._all[child].pairs.values()
            if not _by_steward(pair)
        }
        for child in children:
            for other, pair in self._all[child].pairs.items():
                # No feed ends a pair over which shielding came: that is for a steward.
                if pair["key"] in before and pair["key"] not in self._wanted:
                    self._hold(child, other)
        self._prune(before)
        rows = [row for key, row in self._wanted.items() if not _alike(before.get(key), row)]
        ended = [key for key in before if key not in self._wanted]
        if ended:
            self.tx.run("load/end_pairs", keys=ended, now=self.now)
        if rows:
            self.tx.run("load/pairs", rows=rows, now=self.now)
        self.joined += sum(row["author"] == AUTHOR for row in rows)
        waited = {key for key, pair in before.items() if pair["judgement"] == "open"}
        self.opened += sum(row["author"] is None and row["key"] not in waited for row in rows)

    def _prune(self, before: Collection[str]) -> None:
        """Of open pairs between the same two groups keep one, that which is there before others.

        Where a steward has judged two of them already, the two groups are judged.
        """
        between: dict[frozenset[str], list[dict[str, Any]]] = {}
        for row in self._wanted.values():
            if row["judgement"] == "open":
                groups = frozenset((self._root(row["one"]), self._root(row["other"])))
                between.setdefault(groups, []).append(row)
        for groups, rows in between.items():
            rows.sort(key=lambda row: (row["key"] not in before, -row["score"], row["key"]))
            kept = 0 if len(groups) < 2 or self._judged(*groups) else 1
            for row in rows[kept:]:
                del self._wanted[row["key"]]

    def _judged(self, one: str, other: str) -> bool:
        """True where a steward's word stands between two groups."""
        pairs = (
            self._all[a].pairs.get(b) for a in self._group_of(one) for b in self._group_of(other)
        )
        return any(_by_steward(pair) for pair in pairs)

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
