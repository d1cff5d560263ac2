"""A picture of a service map as values: marks at its edge, lines through all lanes, rows and bars."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph import Agency
from web.draw.scale import Mark
from web.words import count

HEIGHT = 26  # of a row, in pixels, for each bar that stands under another
WITHHELD, GAP, HOME = "withheld", "gap", "home"
# A colour of its own for each agency, and a pattern (parts/patterns.html) for whoever sees no colours.
# Colours: Government Analysis Function, "Data visualisation: colours in charts", 2023, categorical palette
# with tints of it; each has a contrast of 3:1 to white, or a dark outline.
AGENCY_FILLS: Mapping[Agency, str] = {
    Agency.SOCIAL_CARE: "#12436d",
    Agency.HEALTH: "#28a197",
    Agency.POLICE: "#3d3d3d",
    Agency.EDUCATION: "#f46a25",
    Agency.YOUTH_JUSTICE: "#801650",
    Agency.EARLY_HELP: "#a285d1",
    Agency.VOLUNTARY: "#746cb1",
}


def look_of(agency: Agency) -> str:
    """The name of an agency's pattern."""
    return agency.value.replace(" ", "-")


@dataclass(frozen=True)
class Bar:
    """A period from left to right; level: which of those that overlap, counted from above.

    text: what it is, in a sentence; href: where the same is said in words. fades: where it begins to
    fade, None for what has ended; ragged_start, ragged_end: that day is not known.
    """

    left: float
    width: float
    level: int
    text: str
    href: str
    fades: float | None = None
    ragged_start: bool = False
    ragged_end: bool = False

    @property
    def right(self) -> float:
        """Its other end."""
        return round(self.left + self.width, 2)


@dataclass(frozen=True)
class Row:
    """A service, a gap or a home; look: its pattern; open: something of it goes on."""

    label: str
    look: str
    bars: Sequence[Bar]
    open: bool
    more: str = ""

    @property
    def height(self) -> int:
        """In pixels."""
        return HEIGHT * (1 + max(bar.level for bar in self.bars))


@dataclass(frozen=True)
class Lane:
    """One authority; folded: rows that are there once the lane is unfolded."""

    name: str
    rows: Sequence[Row]
    folded: Sequence[Row] = ()

    @property
    def more(self) -> str:
        """What is folded away, in words."""
        return f"{count(len(self.folded), 'more row')} in {self.name}: what has ended"


@dataclass(frozen=True)
class Chart:
    """The whole picture: marks at its edge, lines through all lanes, and the lanes.

    today: the place of today; on: that of another day that is asked for; moves: of days on which the
    child came to another authority.
    """

    marks: Sequence[Mark]
    today: float
    lanes: Sequence[Lane]
    on: float | None = None
    moves: Sequence[Mark] = ()
    agencies: Sequence[Agency] = ()
    withheld: bool = False

    @property
    def fills(self) -> Sequence[tuple[str, str]]:
        """The pattern and the colour of each agency that is there."""
        return [(look_of(agency), AGENCY_FILLS[agency]) for agency in self.agencies]

    @property
    def gaps(self) -> bool:
        """True where there is a gap to explain."""
        return any(row.look == GAP for lane in self.lanes for row in (*lane.rows, *lane.folded))
