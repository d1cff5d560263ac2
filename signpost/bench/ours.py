"""Signpost's side of the match bench: the same blocks and scores as a load, without a database."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from time import perf_counter

from graph.blocks import numbers_of, tokens_of
from graph.comparing import Person
from graph.matching import MATCH_FROM, Band, score
from graph.nearby import MOST_IN_BLOCK
from graph.rematch import values_of
from graph.weights import Frequencies
from signpost.bench.match_sets import MatchSet, Pair, Record


@dataclass(frozen=True, slots=True)
class Linked:
    """What one side made of a set.

    found: how probable each compared pair is; held: those that may not be called one all the same;
    seconds: for scoring alone.
    """

    found: Mapping[Pair, float]
    held: Set[Pair]
    seconds: float

    @property
    def matched(self) -> set[Pair]:
        """Those that are one by their probability."""
        return {pair for pair, share in self.found.items() if share >= MATCH_FROM}

    @property
    def joined(self) -> set[Pair]:
        """Those of them that nothing holds back, so that no steward is asked."""
        return self.matched - self.held

    @property
    def rate(self) -> float:
        """Pairs scored a second."""
        return len(self.found) / self.seconds

    def candidates(self, records: Iterable[Record]) -> list[int]:
        """With how many others each record was compared."""
        counts = {record.id: 0 for record in records}
        for one, other in self.found:
            counts[one] += 1
            counts[other] += 1
        return list(counts.values())


def link(given: MatchSet) -> Linked:
    """Compare every record with all that stand under its tokens, as a load does."""
    people = {record.id: record.person for record in given.records}
    frequencies = frequencies_of(given)
    pairs = sorted(pairs_of(people))
    start = perf_counter()
    scores = {(a, b): score(people[a], people[b], frequencies) for a, b in pairs}
    seconds = perf_counter() - start
    found = {pair: one.probability for pair, one in scores.items()}
    held = {p for p, one in scores.items() if found[p] >= MATCH_FROM and one.band is not Band.MATCH}
    return Linked(found, held, seconds)


def frequencies_of(given: MatchSet) -> Frequencies:
    """What is common in a set, and how many children it is told to have, as the graph knows of itself."""
    children: dict[str, list[Person]] = defaultdict(list)
    for record in given.records:
        children[record.cluster].append(record.person)
    values = [value for people in children.values() for value in values_of(people)]
    found = Frequencies.of(values, len(given.records), len(children))
    return found if given.families else replace(found, twins=0.0, siblings=0.0)


def pairs_of(people: dict[str, Person]) -> set[Pair]:
    """All who meet under a token or a number, each pair once, the smaller id first."""
    under: dict[str, list[str]] = defaultdict(list)
    for one, person in people.items():
        stored = {*set().union(*tokens_of(person, _token).values()), *_numbers(person)}
        for token in stored:
            under[token].append(one)
    pairs: set[Pair] = set()
    for one, person in people.items():
        wanted = set().union(*tokens_of(person, _token, searching=True).values())
        for token in {*wanted, *_numbers(person)}:
            others = under.get(token, ())
            if len(others) <= MOST_IN_BLOCK:
                pairs.update((min(one, other), max(one, other)) for other in others if other != one)
    return pairs


def _numbers(person: Person) -> set[str]:
    return {f"{kind} {number}" for kind, number in numbers_of(person, _token).items()}


def _token(purpose: str, *parts: str) -> str:
    return "|".join((purpose, *parts))
