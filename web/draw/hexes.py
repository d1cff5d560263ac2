"""England as hexagons, one for each authority: where a child lives, and where services work with it.

web/draw/hexes.csv holds the places: a column, and a row from the north, of which those with an odd number
stand half a column to the east. They follow Open Innovations' hexmap of upper-tier authorities (MIT
licence, see docs/licences.md), with the authorities that came since.
"""

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path
from types import MappingProxyType

from graph import Authority, ServiceMap, authorities, successors_of
from web.words import listed

_RADIUS = 10.0
_HALF = _RADIUS * sqrt(3) / 2  # from the middle of a hexagon to its upright sides
# What may be said of an authority: of two of one kind the first one is drawn.
HOME = {"lives": "the child lives there", "lived": "the child lived there"}
WORK = {"open": "a service is open", "ended": "a service has ended"}


@dataclass(frozen=True)
class Hex:
    """One authority that concerns the child: its outline, its place in the list, and what it is.

    home: lives, lived or nothing; work: open, ended or nothing; said: the same in words.
    """

    n: int
    x: float
    y: float
    outline: str
    name: str
    home: str
    work: str
    said: str


@dataclass(frozen=True)
class HexMap:
    """All authorities as one outline, and on it those that concern the child."""

    width: int
    height: int
    others: str
    hexes: Sequence[Hex]


@cache
def cells() -> Mapping[str, tuple[int, int]]:
    """The column and the row of every authority that is there today, by its number."""
    with Path(__file__).with_name("hexes.csv").open(encoding="utf-8", newline="") as lines:
        found = {
            row["number"]: (int(row["column"]), int(row["row"])) for row in csv.DictReader(lines)
        }
    return MappingProxyType(found)


def hexes_of(shown: ServiceMap) -> HexMap | None:
    """Where a child lives and lived, and where services are and were; None where none of it is known."""
    facts: dict[str, list[tuple[str, Authority]]] = {}
    for fact, authority in _facts(shown):
        for number in successors_of(authority.number):
            if number in cells():
                facts.setdefault(number, []).append((fact, authority))
    if not facts:
        return None
    order = sorted(facts, key=lambda number: (cells()[number][1], cells()[number][0]))
    middles = {number: _middle(*cell) for number, cell in cells().items()}
    return HexMap(
        width=round(max(x for x, _ in middles.values()) + _HALF + 1),
        height=round(max(y for _, y in middles.values()) + _RADIUS + 1),
        others=" ".join(_outline(*at) for number, at in middles.items() if number not in facts),
        hexes=[_hex(n, one, facts[one], middles[one]) for n, one in enumerate(order, 1)],
    )


def _facts(shown: ServiceMap) -> Iterator[tuple[str, Authority]]:
    """What is to be said of which authority."""
    day = shown.on or shown.today
    for home in shown.homes:
        yield "lives" if home.period.holds(day) else "lived", home.authority
    for one in shown.involvements:
        yield "open" if one.period.holds(day) else "ended", one.authority


def _middle(column: int, row: int) -> tuple[float, float]:
    """Of a hexagon that stands on its point; odd rows stand half a column to the east."""
    return _HALF * (2 * column + row % 2 + 1) + 1, _RADIUS * 1.5 * (row - 1) + _RADIUS + 1


def _outline(x: float, y: float) -> str:
    """A path around a hexagon."""
    left, right = f"{x - _HALF:.1f}", f"{x + _HALF:.1f}"
    upper, lower = f"{y - _RADIUS / 2:.1f}", f"{y + _RADIUS / 2:.1f}"
    top, bottom = f"{x:.1f} {y - _RADIUS:.1f}", f"{x:.1f} {y + _RADIUS:.1f}"
    return f"M{top}L{right} {upper}V{lower}L{bottom}L{left} {lower}V{upper}z"


def _hex(
    n: int, number: str, facts: Sequence[tuple[str, Authority]], at: tuple[float, float]
) -> Hex:
    told = {fact for fact, _ in facts}
    home = [fact for fact in HOME if fact in told]
    work = [fact for fact in WORK if fact in told]
    return Hex(
        n=n,
        x=round(at[0], 1),
        y=round(at[1], 1),
        outline=_outline(*at),
        name=authorities()[number].name,
        home="".join(home[:1]),
        work="".join(work[:1]),
        said=_said(number, facts),
    )


def _said(number: str, facts: Sequence[tuple[str, Authority]]) -> str:
    """What is known of an authority, and of one before it, of which it was a part."""
    told: dict[str, set[str]] = {}
    for fact, whose in facts:
        before = "" if whose.number == number else f"it was part of {whose.name}: "
        told.setdefault(before, set()).add(fact)
    return "; ".join(before + _words(told[before]) for before in sorted(told))


def _words(told: Collection[str]) -> str:
    home = [said for fact, said in HOME.items() if fact in told][:1]
    return listed([*home, *(said for fact, said in WORK.items() if fact in told)])
