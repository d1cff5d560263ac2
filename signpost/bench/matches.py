"""signpost bench match: who is called one child, beside Splink on the same records; and finding."""

from collections.abc import Mapping, Sequence, Set
from itertools import groupby
from typing import Any, NamedTuple

from signpost.bench import ours, rival
from signpost.bench.figures import Figure, Scratch, percentile
from signpost.bench.finds import find_figures
from signpost.bench.match_sets import MatchSet, Pair, Record, by_id, match_sets
from signpost.bench.ours import Linked

LEAST = 0.0001  # what a share of nothing is shown as, so that a ratio can be said
SIZED = "england without numbers"  # the set on which candidates and pairs a second are counted


class Quality(NamedTuple):
    """How good a linkage is: of what it calls one, and of what is one, the shares that are right."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


class Compared(NamedTuple):
    """One set, linked by both; setup: the one of Splink's that came out best."""

    given: MatchSet
    ours: Linked
    splink: Linked
    setup: rival.Setup


def bench_match(place: Scratch, quick: bool, progress: Any) -> tuple[list[Figure], str]:
    """F1, precision and recall of every set at 0.95, beside Splink's best; then how fast one is found.

    Return the figures, and a sentence on the sizes and on how Splink was set up. Raises BadInput
    where Splink or recordlinkage is not installed.
    """
    sets, missing = match_sets(quick)
    compared: list[Compared] = []
    for done, given in enumerate(sets, start=1):
        compared.append(compare(given, rival.QUICK if quick else rival.SETUPS))
        progress("linking", done, len(sets))
    figures = [figure for one in compared for figure in _of_set(one)]
    figures += [figure for one in compared if one.given.name == SIZED for figure in _sizes(one)]
    found, sentence = find_figures(place, quick, progress)
    setups = "; ".join(f"{one.given.name}: {one.setup}" for one in compared)
    said = [*filter(None, [missing]), sentence, f"Splink's best set-up on {setups}"]
    return figures + found, ". ".join(said)


def compare(given: MatchSet, setups: Sequence[rival.Setup]) -> Compared:
    """Link a set by both, Splink in each of these ways; of those the one with the best F1 counts."""
    true = given.true_pairs
    tried = [(setup, rival.link(given, setup)) for setup in setups]
    setup, best = max(tried, key=lambda one: quality(one[1].matched, true).f1)
    return Compared(given, ours.link(given), best, setup)


def quality(matched: Set[Pair], true: Set[Pair]) -> Quality:
    """How good it is to call these one, where those are; precision is 1 where none is called so."""
    right = len(matched & true)
    return Quality(right / len(matched) if matched else 1.0, right / len(true) if true else 1.0)


def best_f1(linked: Linked, true: Set[Pair]) -> float:
    """The best F1 at any threshold."""
    found = linked.found
    best, right, called = 0.0, 0, 0
    for _, pairs in groupby(sorted(found, key=lambda p: -found[p]), key=lambda p: found[p]):
        for pair in pairs:
            called += 1
            right += pair in true
        best = max(best, 2 * right / (called + len(true)))
    return best


def among(pairs: Set[Pair], origin: str, record: Mapping[str, Record]) -> set[Pair]:
    """The pairs of which one at least has a name of that origin."""
    return {(a, b) for a, b in pairs if origin in (record[a].origin, record[b].origin)}


def _of_set(one: Compared) -> list[Figure]:
    """The figures of a set, and of each group of names in it.

    "joined" is what no steward is asked about: without what graph/matching.py holds back, as twins.
    """
    name, true, record = one.given.name, one.given.true_pairs, by_id(one.given.records)
    mine, theirs = one.ours.matched, one.splink.matched
    figures = _shares("", name, quality(mine, true), quality(theirs, true))
    figures.append(
        _figure(f"best f1 {name}", "share", best_f1(one.ours, true), best_f1(one.splink, true))
    )
    figures += _shares("joined ", name, quality(one.ours.joined, true), quality(theirs, true))
    for origin in one.given.groups:
        real = among(true, origin, record)
        both = [quality(among(matched, origin, record), real) for matched in (mine, theirs)]
        figures += _shares("", f"england {origin}", *both)
    return figures


def _shares(what: str, name: str, mine: Quality, theirs: Quality) -> list[Figure]:
    return [
        _figure(f"{what}f1 {name}", "share", mine.f1, theirs.f1),
        _figure(f"{what}precision {name}", "share", mine.precision, theirs.precision),
        _figure(f"{what}recall {name}", "share", mine.recall, theirs.recall),
    ]


def _sizes(one: Compared) -> list[Figure]:
    counts = [sorted(side.candidates(one.given.records)) for side in (one.ours, one.splink)]
    figures = [
        _figure(f"candidates per record {name}", "records", *(percentile(c, part) for c in counts))
        for name, part in (("p50", 0.5), ("p99", 0.99))
    ]
    return [*figures, _figure("pairs a second", "pairs/s", one.ours.rate, one.splink.rate)]


def _figure(case: str, unit: str, mine: float, theirs: float) -> Figure:
    return Figure("match", case, unit, mine, max(theirs, LEAST), rival.NAME)
