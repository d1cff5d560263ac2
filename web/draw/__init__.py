"""Pictures of a service map, worked out on the server: places and words, and no markup."""

from web.draw.chart import Bar, Chart, Lane, Row
from web.draw.hexes import HexMap, hexes_of
from web.draw.lanes import Numbered, chart_of
from web.draw.network import network_of

__all__ = [
    "Bar",
    "Chart",
    "HexMap",
    "Lane",
    "Numbered",
    "Row",
    "chart_of",
    "hexes_of",
    "network_of",
]
