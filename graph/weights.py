"""How much an agreement weighs: what was learnt (weights.json), and what is common in this population."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import log2
from pathlib import Path

FILE = Path(__file__).with_name("weights.json")
RAREST = 2.0**-14  # nobody's name is held to be rarer than this share
UNSEEN = (
    1_000  # records that are added in thought, each with a name of its own, so that few tell little
)
SEVERAL, OFTEN = 5, 1 / 2_000  # records from which on what is written is a name
FEWEST = 1_000  # nobody is looked for among fewer than this
# Of children, the share with a twin, and how many brothers and sisters in care of one family there are
# for each: ONS, Birth characteristics in England and Wales (14 to 16 multiple maternities in 1,000) and
# Families and households (1.7 dependent children in a family that has any).
TWINS, SIBLINGS = 0.03, 0.7
ALIKE = {"birth": 1 / 6_000, "sector": 1 / 3_000}  # until counted: two at random have the same


@dataclass(frozen=True)
class Frequencies:
    """What is common among `total` records of `children` children.

    counts: part and the form that stands for a name, to how many records have it. alike: of birth
    and sector, how likely two at random are to have the same. twins, siblings: for each child, how
    many there are who share family name and home, born the same day and not.
    """

    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    total: int = 0
    children: int = 0
    alike: Mapping[str, float] = field(default_factory=lambda: ALIKE)
    twins: float = TWINS
    siblings: float = SIBLINGS

    @classmethod
    def of(cls, values: Iterable[tuple[str, str]], total: int, children: int) -> "Frequencies":
        """Count (part, value) pairs: family and given names by their form, births and sectors.

        A name that only one record has says nothing and is left out; of births and sectors only the
        likelihood that two are the same is kept.
        """
        counts: dict[str, Counter[str]] = {part: Counter() for part in ("family", "given", *ALIKE)}
        for part, value in values:
            counts[part][value] += 1
        names = {p: {n: c for n, c in counts[p].items() if c > 1} for p in ("family", "given")}
        alike = {part: _collision(counts[part].values(), ALIKE[part]) for part in ALIKE}
        return cls(names, total, children, alike)

    def share(self, part: str, form: str) -> float:
        """The share of records that have this name."""
        count = self.counts.get(part, {}).get(form, 1)
        return max(count / (self.total + UNSEEN), RAREST)

    def is_name(self, part: str, form: str) -> bool:
        """True where several have it, so that it is a name and no slip of the pen."""
        return self.counts.get(part, {}).get(form, 1) >= max(SEVERAL, self.total * OFTEN)

    @property
    def prior(self) -> float:
        """Log2 of the odds that a child taken at random is the one who is looked for."""
        return -log2(max(self.children, FEWEST))


NO_FREQUENCIES = Frequencies()


def _collision(counts: Iterable[int], usual: float) -> float:
    """How likely two of these at random are the same, with UNSEEN pairs that are so as usual."""
    found = list(counts)
    total = sum(found)
    same = sum(count * (count - 1) for count in found) + UNSEEN * UNSEEN * usual
    return same / (total * (total - 1) + UNSEEN * UNSEEN) if total else usual


@dataclass(frozen=True)
class Weights:
    """Per field and level: m, its share among records of one child; u, among those of two.

    origin: what it was learnt from, when and with what.
    """

    origin: Mapping[str, str]
    levels: Mapping[str, Mapping[str, tuple[float, float]]]
    _bits: dict[tuple[str, str], float] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        every = ((p, n, m / u) for p, of in self.levels.items() for n, (m, u) in of.items())
        object.__setattr__(self, "_bits", {(part, name): log2(odds) for part, name, odds in every})

    def bits(self, part: str, level: str, share: float | None = None) -> float:
        """The weight of a level: log2(m / u).

        share: of the value that agrees, instead of u (term-frequency adjustment).
        Source: Fellegi and Sunter (1969), "A theory for record linkage"; Winkler (1989) for shares.
        """
        if share is None:
            return self._bits[part, level]
        m, _ = self.levels[part][level]
        return log2(m / min(share, m))


@lru_cache(maxsize=1)
def weights() -> Weights:
    """The weights of weights.json."""
    read = json.loads(FILE.read_text("utf-8"))
    levels = {
        p: {n: (one["m"], one["u"]) for n, one in of.items()} for p, of in read["levels"].items()
    }
    return Weights(read["origin"], levels)
