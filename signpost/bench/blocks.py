"""signpost bench blocks: what each block finds, and what its frequencies would tell a thief."""

from collections import Counter
from typing import Any

from graph.blocks import KINDS, tokens_of
from graph.comparing import Person
from signpost.bench.figures import Figure, Scratch
from signpost.bench.match_sets import Pair, england_set

Under = dict[str, dict[str, set[str]]]


def bench_blocks(place: Scratch, quick: bool, progress: Any) -> tuple[list[Figure], str]:
    """Per block: the share of true pairs it finds, that only it finds, and that a thief names rightly.

    Return the figures, and a sentence on the sizes.
    """
    england = england_set(1_000 if quick else 12_000, seed=13).without_numbers()
    people = {record.id: record.person for record in england.records}
    progress("tokens", 0, 1)
    stored, wanted = _under(people, searching=False), _under(people, searching=True)
    pairs = england.true_pairs
    met = {kind: {p for p in pairs if _meet(stored[kind], wanted[kind], p)} for kind in KINDS}
    every = set().union(*met.values())
    figures = [
        _figure(f"all blocks find {england.name}", len(every) / len(pairs), 1.0, "all pairs")
    ]
    for kind in KINDS:
        others = set().union(*(met[other] for other in KINDS if other != kind))
        alone = len(every - others) / len(pairs)
        figures.append(_figure(f"{kind}: finds", len(met[kind]) / len(pairs), 1.0, "all pairs"))
        figures.append(_figure(f"{kind}: only it finds", alone, 1.0, "all pairs"))
        named, chance = _named_by_rank(stored[kind])
        figures.append(_figure(f"{kind}: a thief names", named, chance, "always the commonest"))
    return figures, f"{len(people):,} records, {len(pairs):,} true pairs, no numbers"


def _figure(case: str, ours: float, beside: float, name: str) -> Figure:
    return Figure("blocks", case, "share", ours, max(beside, 1e-9), name)


def _under(people: dict[str, Person], searching: bool) -> Under:
    """Per block: each record's tokens, in clear, as only a bench may have them."""
    found: Under = {kind: {} for kind in KINDS}
    for one, person in people.items():
        tokens = tokens_of(person, _clear, searching=searching)
        for kind in KINDS:
            found[kind][one] = tokens[kind]
    return found


def _clear(purpose: str, *parts: str) -> str:
    return "|".join(parts)


def _meet(stored: dict[str, set[str]], wanted: dict[str, set[str]], pair: Pair) -> bool:
    one, other = pair
    return bool(stored[one] & wanted[other] or stored[other] & wanted[one])


def _named_by_rank(stored: dict[str, set[str]]) -> tuple[float, float]:
    """The share of records whose token a thief names rightly, and that of always naming the commonest.

    The thief has the tokens without their meaning, and knows exactly how common each meaning is among
    these very children: more than any thief will know. They put both in order of size and read one off
    the other; among sizes that many have they can only guess.
    """
    sizes = Counter(token for tokens in stored.values() for token in tokens)
    by_size: dict[int, int] = Counter(sizes.values())
    total = sum(sizes.values())
    # Of the tokens of one size, a guess in turn is right once in expectation: size records for each size.
    right = sum(size for size in by_size)
    return (right / total, max(sizes.values()) / total) if total else (0.0, 0.0)
