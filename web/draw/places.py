"""Where the nodes of a network stand: a block for each authority, in columns, and none on another."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import ceil, sqrt

# A node and the space around it, in the picture's own units: wide enough for its longest label.
WIDE, HIGH = 230, 104
_APART = WIDE // 2  # between blocks
_WIDER = 1.6  # than it is high is the whole picture

Place = tuple[int, int]


@dataclass(frozen=True)
class Block:
    """One authority's nodes: its own place, and of each service that of its node and of its workers."""

    head: Place
    places: Sequence[Sequence[Place]]
    width: int
    height: int

    def at(self, left: int, top: int) -> "Block":
        """The same, moved."""
        return replace(
            self,
            head=(self.head[0] + left, self.head[1] + top),
            places=[[(x + left, y + top) for x, y in cell] for cell in self.places],
        )


def laid_out(areas: Sequence[Sequence[int]]) -> list[Block]:
    """The blocks of all areas, in rows under the child, who stands at (0, 0).

    areas: for each of them, how many nodes each of its services takes, its workers with it.
    """
    blocks = [_block(sizes) for sizes in areas]
    area = sum((block.width + _APART) * (block.height + _APART) for block in blocks)
    widest = max(max(block.width for block in blocks), int(sqrt(area * _WIDER)))
    rows: list[list[Block]] = [[]]
    for block in blocks:
        if rows[-1] and sum(b.width + _APART for b in rows[-1]) + block.width > widest:
            rows.append([])
        rows[-1].append(block)
    tops = accumulate((max(b.height for b in row) + _APART for row in rows), initial=2 * HIGH)
    return [one for row, top in zip(rows, tops, strict=False) for one in _row(row, top)]


def _row(blocks: Sequence[Block], top: int) -> list[Block]:
    """Blocks side by side, in the middle under the child."""
    wide = sum(block.width for block in blocks) + _APART * (len(blocks) - 1)
    lefts = accumulate((block.width + _APART for block in blocks), initial=-wide // 2)
    return [block.at(left, top) for block, left in zip(blocks, lefts, strict=False)]


def _block(sizes: Sequence[int]) -> Block:
    """Services in columns under their authority, each where there is most room."""
    columns = max(1, ceil(sqrt(sum(sizes) * HIGH / WIDE)))
    columns = min(columns, max(1, len(sizes)))
    depths = [1] * columns
    places: list[list[Place]] = []
    for size in sizes:
        column = depths.index(min(depths))
        x = column * WIDE + WIDE // 2
        places.append([(x, (depths[column] + n) * HIGH + HIGH // 2) for n in range(size)])
        depths[column] += size
    width = columns * WIDE
    return Block((width // 2, HIGH // 2), places, width, max(depths) * HIGH)
