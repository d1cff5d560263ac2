"""Whether two samples come from one distribution: the Mann-Whitney U test, by ranks."""

from collections.abc import Sequence
from itertools import groupby
from math import erfc, sqrt


def p_value(one: Sequence[float], other: Sequence[float]) -> float:
    """How probable samples this far apart would be, were both drawn from one distribution; two-sided.

    The normal approximation, with the corrections for ties and for continuity, as in Hollander, Wolfe
    and Chicken, Nonparametric Statistical Methods, 3rd edition 2014, section 4.1; good from some eight
    values on each side.
    """
    n, m = len(one), len(other)
    ranked = _ranks([*one, *other])
    u = sum(rank for rank, _ in ranked[:n]) - n * (n + 1) / 2
    ties = sum(alike * alike - 1 for _, alike in ranked)  # for each tie of t values t^3 - t
    variance = n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1)))
    if not variance:
        return 1.0
    return min(1.0, erfc((abs(u - n * m / 2) - 0.5) / sqrt(2 * variance)))


def _ranks(values: Sequence[float]) -> list[tuple[float, int]]:
    """Of each value its rank, the middle one among equals, and how many are equal to it."""
    found: list[tuple[float, int]] = [(0.0, 0)] * len(values)
    before = 0
    for _, group in groupby(sorted(range(len(values)), key=values.__getitem__), values.__getitem__):
        places = list(group)
        for place in places:
            found[place] = before + (len(places) + 1) / 2, len(places)
        before += len(places)
    return found
